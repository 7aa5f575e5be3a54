import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { vector } from '../../../scripts/docs/page.ts'
import { entriesOf } from './entries-of.ts'
import { verifyRecording } from './recording.ts'

const folder = mkdtempSync(join(tmpdir(), 'claviger-verify-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const whole = Buffer.from(vector('recording').replaceAll(/\s/g, ''), 'hex')
const { recording, complete, chunks, bytes, head } = JSON.parse(vector('manifest'))
const manifest = { recording, complete, chunks, bytes, head }
/** Where blocks begin, and the end. */
const at = [...whole.toString('latin1').matchAll(/CLV[RC]/g)].map(({ index }) => index).concat(whole.length)
const check = async (
  file: Uint8Array,
  given = { heads: [] as { chunks: number; head: string }[], manifest: manifest as typeof manifest | undefined },
) => {
  const path = join(folder, 'recording.clvr')
  writeFileSync(path, file)
  return await verifyRecording(path, given)
}

test('the vector of docs/formats.md is intact, and its manifest vouches for it', async () => {
  expect(at).toHaveLength(5)
  expect(await check(whole)).toEqual({ state: 'intact', vouched: true, recording, chunks: 3, bytes: 642 })
  expect(await check(whole, { heads: [], manifest: undefined })).toMatchObject({ state: 'intact', vouched: false })
})

test('whichever byte is altered, it is seen, and the range that is named holds it', async () => {
  for (let byte = 0; byte < whole.length; byte++) {
    const changed = Buffer.from(whole)
    changed[byte] = (changed[byte] as number) ^ 1
    const { state, finding } = await check(changed)
    expect(state, `byte ${byte}`).toBe('altered')
    // the last block has no other behind it: nothing but the ledger knows that it changed
    const lastBlock = byte >= (at[3] as number)
    if (finding && !lastBlock) expect(byte >= finding.from && byte < finding.to, `byte ${byte} in ${JSON.stringify(finding)}`).toBe(true)
  }
})

test.each([
  ['a chunk taken out', Buffer.concat([whole.subarray(0, at[1]), whole.subarray(at[2])]), at[1]],
  [
    'one moved',
    Buffer.concat([whole.subarray(0, at[1]), whole.subarray(at[2], at[3]), whole.subarray(at[1], at[2]), whole.subarray(at[3])]),
    at[1],
  ],
  ['one twice', Buffer.concat([whole.subarray(0, at[2]), whole.subarray(at[1])]), at[2]],
  ['bytes behind the end', Buffer.concat([whole, Buffer.from('x')]), whole.length],
  ['another file', Buffer.from('no recording at all'), 0],
])('%s is named with its place', async (_what, file, from) => {
  expect(await check(file)).toMatchObject({ state: 'altered', finding: { from } })
})

test('however it is cut, it is told from one that ended, and the ledger knows how far it was', async () => {
  for (let length = (at[1] as number) + 1; length < whole.length; length++) {
    const cut = whole.subarray(0, length)
    expect((await check(cut)).state, `cut at ${length}`).toBe('altered')
    expect((await check(cut, { heads: [], manifest: undefined })).state, `cut at ${length}, unknown`).toBe('interrupted')
  }
})

test('a file of another recording is not taken for this one', async () => {
  expect(await check(whole, { heads: [], manifest: { ...manifest, recording: 'rec_another000' } })).toMatchObject({ state: 'altered' })
  expect(await check(whole, { heads: [{ chunks: 1, head: 'f'.repeat(64) }], manifest: undefined })).toMatchObject({
    state: 'altered',
    finding: { message: expect.stringContaining('rewritten') },
  })
})

test('what the ledger says of one recording is picked out of its lines, which pass on as they are', async () => {
  const line = (fields: object, act: string) => {
    const bytes = Buffer.from(JSON.stringify({ act, fields, id: 'ent_vector0001' })).toString('base64')
    return JSON.stringify({ place: 1, id: 'ent_vector0001', bytes, leaf: '0'.repeat(64), personal: {} })
  }
  const lines = [
    line({ recording, chunks: 2, head: 'a'.repeat(64) }, 'recording.head'),
    line({ recording: 'rec_another000', chunks: 9, head: 'b'.repeat(64) }, 'recording.head'),
    line({ recording, manifest: vector('manifest').trim() }, 'session.ended'),
    'no line of an export',
  ]
  const noted = entriesOf(recording)
  const passed: string[] = []
  for await (const one of noted.pass(
    (async function* () {
      yield* lines
    })(),
  ))
    passed.push(one)
  expect(passed).toEqual(lines)
  expect(noted.vouched()).toEqual({ heads: [{ chunks: 2, head: 'a'.repeat(64) }], manifest })
})
