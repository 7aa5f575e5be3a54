import { describe, expect, test } from 'vitest'
import { exportLines, makeEntry, makeSigner, type SampleEntry, sampleEntries, signCheckpoint } from '../../test/sample-ledger.ts'
import { verifyLedger } from './ledger.ts'
import { sha256 } from './tree.ts'

const signer = makeSigner()
const entries = sampleEntries(10)
const { lines, notes } = exportLines(entries, signer)
const outside = { checkpoint: notes[10], verifierKey: signer.verifierKey }
/** Where an entry's line stands: after the header, and after a checkpoint for each three before it. */
const lineOf = (place: number) => place + Math.floor((place - 1) / 3)
const withLine = (place: number, change: (entry: Record<string, unknown>) => object) =>
  lines.map((line, index) => (index === lineOf(place) ? JSON.stringify(change(JSON.parse(line))) : line))
const findingsOf = async (spoilt: string[], against: Parameters<typeof verifyLedger>[1] = outside) => {
  const verdict = await verifyLedger(spoilt, against)
  expect(verdict.ok).toBe(false)
  return verdict.findings.map(({ code, places }) => [code, ...(places ?? [])])
}

describe('a whole export', () => {
  test('is verified and anchored by the outside checkpoint', async () => {
    expect(await verifyLedger(lines, outside)).toMatchObject({
      ok: true,
      anchored: true,
      size: 10,
      anchoredTo: 10,
      erased: 0,
      findings: [],
    })
  })
  test('is anchored as far as an older outside checkpoint saw', async () => {
    expect(await verifyLedger(lines, { checkpoint: notes[4] })).toMatchObject({ ok: true, anchored: true, anchoredTo: 4 })
    expect(await verifyLedger(lines, { checkpoint: notes[0] })).toMatchObject({ ok: true, anchored: true, anchoredTo: 0 })
  })
  test('is unanchored, and not ok, without one', async () => {
    expect(await verifyLedger(lines)).toMatchObject({ ok: false, anchored: false, findings: [] })
  })
  test('still verifies when a personal value was erased', async () => {
    expect(
      await verifyLedger(
        withLine(4, (entry) => ({ ...entry, personal: {} })),
        outside,
      ),
    ).toMatchObject({ ok: true, erased: 1 })
  })
  test('of an empty log verifies', async () => {
    const empty = exportLines([], signer)
    expect(await verifyLedger(empty.lines, { checkpoint: empty.notes[0] })).toMatchObject({ ok: true, size: 0 })
  })
})

describe('what was done to the log is named:', () => {
  const other = makeEntry(99)
  const moved = (list: SampleEntry[], ...change: [start: number, count: number, ...put: SampleEntry[]]) => {
    const copy = [...list]
    copy.splice(...change)
    return copy
  }

  test('the entry whose bytes were changed', async () => {
    const spoilt = withLine(5, (entry) => ({ ...entry, bytes: Buffer.from('{"id":"ent_0000000005"}').toString('base64'), personal: {} }))
    expect(await findingsOf(spoilt)).toEqual([['entry.changed', 5, 5]])
  })
  test('the entry that was deleted', async () => {
    expect(await findingsOf(lines.toSpliced(lineOf(5), 1))).toEqual([['entry.missing', 5, 5]])
  })
  test.each([3, 9, 10])('the entry that was deleted where a checkpoint follows or the log ends: %i', async (place) => {
    const code = place === 10 ? 'export.too_short' : 'entry.missing'
    expect(await findingsOf(lines.toSpliced(lineOf(place), 1))).toEqual([[code, place, place]])
  })
  test('the entries that were swapped', async () => {
    const spoilt = lines.with(lineOf(5), lines[lineOf(6)] ?? '').with(lineOf(6), lines[lineOf(5)] ?? '')
    expect(await findingsOf(spoilt)).toEqual([['entry.out_of_order', 5, 5]])
  })
  test('the place that an inserted entry takes a second time', async () => {
    const inserted = JSON.stringify({ ...JSON.parse(lines[lineOf(5)] ?? ''), id: 'ent_zzzzzzzzzz' })
    expect(await findingsOf(lines.toSpliced(lineOf(5), 0, inserted))).toContainEqual(['entry.repeated', 5, 5])
  })
  test('the range in which an entry was replaced together with its hash', async () => {
    const replaced = exportLines(moved(entries, 4, 1, other), signer).lines
    const spoilt = lines.with(lineOf(5), replaced[lineOf(5)] ?? '')
    expect(await findingsOf(spoilt)).toEqual([['range.changed', 4, 6]])
  })
  test('what an older state lacks, with the time of the outside checkpoint', async () => {
    const old = exportLines(entries.slice(0, 4), signer).lines
    const verdict = await verifyLedger(old, outside)
    expect(verdict.findings.map((f) => f.message)).toEqual([
      'The log has 4 entries; the outside checkpoint of 2026-01-02T10:00:00.000Z saw 10: entries 5 to 10 are missing. The log was cut, or restored from an older state.',
    ])
  })
  test('what was cut off at the end', async () => {
    expect(await findingsOf(lines.slice(0, lineOf(8)))).toEqual([['export.too_short', 8, 10]])
  })
  test('what stands after the checkpoint', async () => {
    const longer = exportLines([...entries, other], signer).lines.slice(1)
    expect(await findingsOf([lines[0] ?? '', ...longer])).toEqual([['entry.unsigned', 11, 11]])
  })
  test('a log that was rewritten and signed again', async () => {
    expect(await findingsOf(exportLines(moved(entries, 4, 1, other), signer).lines)).toEqual([['log.forked', 1, 10]])
  })
  test('the personal value that was exchanged', async () => {
    const { personal } = makeEntry(3)
    expect(await findingsOf(withLine(3, (entry) => ({ ...entry, personal })))).toEqual([['personal.changed', 3, 3]])
  })
  test('another label on an entry', async () => {
    expect(await findingsOf(withLine(3, (entry) => ({ ...entry, id: 'ent_zzzzzzzzzz' })))).toEqual([['entry.wrong_id', 3, 3]])
  })
  test('another signer', async () => {
    const forger = makeSigner()
    const codes = (await findingsOf(exportLines(entries, forger).lines)).map(([code]) => code)
    expect(new Set(codes)).toEqual(new Set(['checkpoint.wrong_signer']))
    expect(await findingsOf(exportLines(entries, forger).lines, { checkpoint: notes[10] })).toEqual([['checkpoint.wrong_signer']])
  })
  test('an outside checkpoint of another log', async () => {
    const foreign = { checkpoint: signCheckpoint(10, sha256('x'), signer).replace('lab0000001', 'lab0000002') }
    const codes = (await findingsOf(lines, foreign)).map(([code]) => code)
    expect(codes).toEqual(['checkpoint.other_log', 'checkpoint.bad_signature', 'log.forked'])
  })
  test('a file that is no export', async () => {
    expect(await findingsOf(['hello'])).toEqual([['export.unreadable']])
    expect(await findingsOf([])).toEqual([['export.unreadable']])
  })
})
