import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exportLines, makeEntry, makeSigner, sampleEntries } from '../../test/sample-ledger.ts'
import { verifyLedger } from './ledger.ts'
import { splitLines } from './split-lines.ts'

const signer = makeSigner()
const entries = sampleEntries(6)
const { lines, notes } = exportLines(entries, signer)
const file = Buffer.from(`${lines.join('\n')}\n`)
const note = notes[6] ?? ''
const isFound = async (bytes: Uint8Array, checkpoint = note) => !(await verifyLedger(splitLines([bytes]), { checkpoint })).ok

describe('verification finds', () => {
  test('nothing wrong with the untouched file, however it is cut into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: file.length }), async (at) => {
        const verdict = await verifyLedger(splitLines([file.subarray(0, at), file.subarray(at)]), { checkpoint: note })
        expect(verdict.ok).toBe(true)
      }),
      { numRuns: 50 },
    )
  })

  test('every byte of the file changed, one at a time', async () => {
    for (let at = 0; at < file.length; at++) {
      const spoilt = Buffer.from(file)
      spoilt[at] = (file[at] ?? 0) ^ (1 << (at % 8))
      if (!(await isFound(spoilt))) expect.fail(`byte ${at} changed unseen: …${file.subarray(Math.max(0, at - 30), at + 10)}…`)
    }
  })

  test('any byte changed to any other', async () => {
    const place = fc.integer({ min: 0, max: file.length - 1 })
    const change = fc.asyncProperty(place, fc.integer({ min: 1, max: 255 }), async (at, difference) => {
      const spoilt = Buffer.from(file)
      spoilt[at] = (file[at] ?? 0) ^ difference
      expect(await isFound(spoilt)).toBe(true)
    })
    await fc.assert(change, { numRuns: 1000 })
  })

  test('every byte of the outside checkpoint changed, one at a time', async () => {
    const bytes = Buffer.from(note)
    for (let at = 0; at < bytes.length; at++) {
      const spoilt = Buffer.from(bytes)
      spoilt[at] = (bytes[at] ?? 0) ^ 1
      if (!(await isFound(file, spoilt.toString()))) expect.fail(`byte ${at} of the checkpoint changed unseen`)
    }
  })

  // the outside checkpoint says the same of the same entries: nothing that happened is gone
  const withoutItsLastCheckpoint = Buffer.from(`${lines.slice(0, -1).join('\n')}\n`)

  test('nothing wrong with a file that ends before its own last checkpoint, where an outside one is there', async () => {
    expect(lines.at(-1)).toMatch(/^\{"checkpoint":/)
    expect(await isFound(withoutItsLastCheckpoint)).toBe(false)
  })

  test('any run of bytes cut out', async () => {
    const place = fc.integer({ min: 0, max: file.length - 1 })
    const cut = fc.asyncProperty(place, fc.integer({ min: 1, max: 400 }), async (at, count) => {
      const spoilt = Buffer.concat([file.subarray(0, at), file.subarray(at + count)])
      if (!spoilt.equals(withoutItsLastCheckpoint)) expect(await isFound(spoilt)).toBe(true)
    })
    await fc.assert(cut, { numRuns: 500 })
  })

  const rows = entries.map((_, index) => index)
  test.each(rows)('entry %i deleted, also by someone who gives the others new places, but cannot sign', async (row) => {
    const { lines: shorter } = exportLines(entries.toSpliced(row, 1), signer)
    expect(await isFound(Buffer.from(`${shorter.join('\n')}\n`))).toBe(true)
    expect(await isFound(Buffer.from(`${[lines[0], ...shorter.slice(1)].join('\n')}\n`))).toBe(true)
  })

  test.each(rows.slice(1))('entry %i swapped with the one before it, or something put between them', async (row) => {
    const [before, at] = [entries[row - 1], entries[row]]
    if (!before || !at) throw new Error('no such row')
    const swapped = exportLines(entries.toSpliced(row - 1, 2, at, before), signer).lines
    const inserted = exportLines(entries.toSpliced(row, 0, makeEntry(77)), signer).lines
    for (const spoilt of [swapped, inserted])
      expect(await isFound(Buffer.from(`${[lines[0], ...spoilt.slice(1)].join('\n')}\n`))).toBe(true)
  })
})
