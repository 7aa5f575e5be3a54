import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { systemClock } from '../../kernel/clock.ts'
import { Secret } from '../../kernel/secret.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import { type Bucket, openS3 } from '../../platform/object-store/index.ts'
import { keysOfStore, type S3Server, startS3 } from '../../platform/object-store/test/s3-server.ts'
import { checkChain } from '../../protocols/recording/index.ts'
import { type Carried, carryOver } from './carry-over.ts'
import { fileOf, openStored, removeRecording } from './recording-places.ts'
import { readRecording } from './recording-reader.ts'
import { RecordingWriter } from './recording-writer.ts'
import { makeOutline } from './replay/make-outline.ts'
import { readStretch } from './replay/read-stretch.ts'
import { noteOf } from './upload-note.ts'
import { verifyStored } from './verify-recording.ts'

const keys = { viewers: Buffer.alloc(32, 1), officers: Buffer.alloc(32, 2) }
const partBytes = 64 * 1024

let s3: S3Server
let bucket: Bucket
beforeAll(async () => {
  s3 = await startS3()
  bucket = await openBucket()
})
afterAll(() => s3?.stop())
afterEach(() => {
  s3.line.state = 'open'
  s3.asked.length = 0
})

const openBucket = (given: { keys?: string; bucket?: string; limitMs?: number; more?: object } = {}) =>
  openS3(
    {
      ...{ bucket: given.bucket ?? s3.bucket, endpoint: s3.endpoint, region: 'eu-central-1', prefix: 'prod/', pathStyle: true },
      ...{ limitMs: given.limitMs ?? 20_000, ...given.more },
    },
    Secret.fromText(given.keys ?? keysOfStore),
    s3.dial,
    systemClock.now,
  )

let made = 0
/** A recording in a folder of its own, with so many bytes of output that do not compress; over, unless it is kept open. */
async function recorded(bytes: number, how: { open?: boolean } = {}) {
  const recordings = mkdtempSync(join(tmpdir(), 'carry-'))
  onTestFinished(() => rmSync(recordings, { recursive: true, force: true }))
  const recording = `rec_carry${String(made++).padStart(5, '0')}`
  const facts = { recording, session: 'ses_aaaaaaaaaa', columns: 80, rows: 24, keys: { viewers: 'v:1', officers: 'o:1' } }
  const path = fileOf({ recordings }, recording)
  const writer = new RecordingWriter({ path, facts, keys, clock: systemClock, terminal: true, flushEvery: 10 })
  await writer.start()
  for (let written = 0; written < bytes; written += 8192) {
    writer.output(randomBytes(8192))
    await writer.pressure()
  }
  if (!how.open) await writer.close()
  const carried: Carried[] = []
  const places = { recordings, bucket }
  const deps = { ...places, partBytes, stored: async (one: Carried) => void carried.push(one) }
  return { recording, path, places, deps, carried, writer, object: s3.file(`prod/${recording}.clvr`) }
}

const sent = (what: RegExp) => s3.asked.filter((a) => what.test(a))

describe('a recording that is over', () => {
  test('lies in the bucket afterwards, byte by byte, and nowhere else; it is read and checked there by ranges', async () => {
    const { recording, path, places, deps, carried, object } = await recorded(300_000)
    const before = readFileSync(path)
    expect(await carryOver(deps, recording, true)).toBe(before.length)
    expect(existsSync(path)).toBe(false)
    expect(existsSync(noteOf(path))).toBe(false)
    expect(readFileSync(object).equals(before)).toBe(true)
    expect(carried).toEqual([{ recording, bytes: before.length, sha256: sha256(before).toString('hex') }])
    s3.asked.length = 0
    expect(await verifyStored(places, recording)).toMatchObject({ ok: true, value: { state: 'intact', bytes: before.length } })
    const stored = await openStored(places, recording)
    if (!stored.ok || !stored.value) throw new Error('not there')
    const reader = await readRecording(stored.value, keys)
    if (!reader.ok) throw new Error(reader.error.code)
    let output = 0
    for await (const frame of reader.value.frames()) if (frame.kind === 'output') output += frame.bytes.length
    expect(output).toBeGreaterThanOrEqual(300_000)
    expect(sent(/^GET/).every((a) => /\r\nrange: bytes=\d+-\d+/i.test(a))).toBe(true)
  })

  test('is replayed from there in parts, each with the ranges that it takes, and none of one that was altered there', async () => {
    const { recording, places, deps, object } = await recorded(2_400_000)
    await carryOver(deps, recording, true)
    const opened = async () => {
      const stored = await openStored(places, recording)
      if (!stored.ok || !stored.value) throw new Error('not there')
      return stored.value
    }
    const reader = await readRecording(await opened(), keys)
    if (!reader.ok) throw new Error(reader.error.code)
    const { outline } = await makeOutline(reader.value, false)
    const n = outline.stretches.length - 2
    const { from, to } = outline.stretches[n] as { from: number; to: number }
    s3.asked.length = 0
    expect(await readStretch(await opened(), keys.viewers, outline, n)).toMatchObject({ ok: true })
    const [range, ...more] = sent(/^GET/).map((a) => /range: bytes=(\d+)-(\d+)/i.exec(a)?.slice(1).map(Number))
    expect([range?.[0], more]).toEqual([from, []])
    expect((range?.[1] ?? 0) - (range?.[0] ?? 0)).toBeLessThan(outline.bytes / 2)
    const bytes = readFileSync(object)
    bytes[to - 1] = (bytes[to - 1] ?? 0) ^ 1
    writeFileSync(object, bytes)
    expect((await readStretch(await opened(), keys.viewers, outline, n)).ok).toBe(false)
    expect((await readStretch(await opened(), keys.viewers, outline, n - 1)).ok).toBe(true)
  })

  test('goes in one piece when it is small, with what the settings ask of the store', async () => {
    const { deps, recording } = await recorded(100)
    const asked = { encryption: { by: 'aws:kms', key: 'alias/recordings' }, lock: { mode: 'COMPLIANCE', seconds: 86_400 } }
    await carryOver({ ...deps, bucket: await openBucket({ more: asked }) }, recording, true)
    const [put, ...more] = sent(/^(PUT|POST)/)
    expect(more).toEqual([])
    expect(put).toMatch(/x-amz-server-side-encryption: aws:kms/i)
    expect(put).toMatch(/x-amz-server-side-encryption-aws-kms-key-id: alias\/recordings/i)
    expect(put).toMatch(/x-amz-object-lock-mode: COMPLIANCE/i)
    expect(put).toMatch(/x-amz-object-lock-retain-until-date: 20/i)
    expect(put).toMatch(/x-amz-checksum-sha256: /i)
  })

  test('that was altered in the bucket is found out, with the range of bytes', async () => {
    const { recording, places, deps, object, writer } = await recorded(200_000)
    await carryOver(deps, recording, true)
    const bytes = readFileSync(object)
    const at = Math.floor(bytes.length / 2)
    bytes[at] = (bytes[at] ?? 0) ^ 1
    writeFileSync(object, bytes)
    const stored = await openStored(places, recording)
    if (!stored.ok || !stored.value) throw new Error('not there')
    const verdict = await checkChain(stored.value, { manifest: await writer.close() })
    expect(verdict).toMatchObject({ state: 'altered', finding: { from: expect.any(Number) } })
    expect(verdict.finding?.from).toBeLessThanOrEqual(at)
    expect(verdict.finding?.to).toBeGreaterThan(at)
    truncateSync(object, at)
    expect(await verifyStored(places, recording)).toMatchObject({ ok: true, value: { state: 'interrupted' } })
  })

  test('stays here while the bucket has something else under its name, and what is here wins', async () => {
    const { recording, deps, object, path } = await recorded(1000)
    await bucket.put(`${recording}.clvr`, Buffer.alloc(statSync(path).size, 7))
    const before = readFileSync(path)
    await carryOver(deps, recording, true)
    expect(readFileSync(object).equals(before)).toBe(true)
  })

  test('is removed from folder and bucket by one call', async () => {
    const one = await recorded(1000)
    await carryOver(one.deps, one.recording, true)
    const { size } = statSync(one.object)
    expect(await removeRecording(one.places, one.recording)).toEqual({ ok: true, value: { bytes: size } })
    expect(existsSync(one.object)).toBe(false)
    expect(await removeRecording(one.places, one.recording)).toEqual({ ok: true, value: { bytes: 0 } })
    expect(await openStored(one.places, one.recording)).toEqual({ ok: true, value: undefined })
    s3.line.state = 'away'
    expect(await removeRecording(one.places, one.recording)).toMatchObject({ ok: false, error: { code: 'recording.not_removed' } })
  })
})

describe('a recording that is still written', () => {
  test('is there in whole parts before it ends, and these are not sent again', async () => {
    const { recording, deps, writer, path, object } = await recorded(400_000, { open: true })
    // the last of it is still on its way to the disk
    await vi.waitFor(() => expect(statSync(path).size).toBeGreaterThanOrEqual(3 * partBytes), { timeout: 60_000 })
    const there = await carryOver(deps, recording, false)
    expect(there).toBeGreaterThanOrEqual(3 * partBytes)
    expect(there % partBytes).toBe(0)
    expect(existsSync(object)).toBe(false)
    await writer.close()
    const before = readFileSync(path)
    s3.asked.length = 0
    await carryOver(deps, recording, true)
    expect(sent(/^PUT/).length).toBe(Math.ceil(before.length / partBytes) - there / partBytes)
    expect(readFileSync(object).equals(before)).toBe(true)
  })

  test('and grows beyond 16 MiB, as nobody set the size of a part, is there with its first 16 and goes on from there', async () => {
    const usual = 16 * 1024 * 1024
    const { recording, deps, writer, path, places, object } = await recorded(usual + 300_000, { open: true })
    const asUsual = { ...deps, partBytes: undefined }
    // the last of it is still on its way to the disk
    await vi.waitFor(() => expect(statSync(path).size).toBeGreaterThanOrEqual(usual), { timeout: 60_000 })
    expect(await carryOver(asUsual, recording, false)).toBe(usual)
    await writer.close()
    const before = readFileSync(path)
    s3.asked.length = 0
    expect(await carryOver(asUsual, recording, true)).toBe(before.length)
    expect(sent(/^PUT/)).toHaveLength(1)
    expect(sent(/^PUT/)[0]).toMatch(new RegExp(`\r\ncontent-length: ${before.length - usual}\r\n`, 'i'))
    expect(readFileSync(object).equals(before)).toBe(true)
    expect(await verifyStored(places, recording)).toMatchObject({ ok: true, value: { state: 'intact' } })
  })
})

describe('when the store', () => {
  test.each([
    ['is away', 'away', 'away'],
    ['says nothing', 'hangs', 'too_slow'],
  ] as const)('%s, the recording stays where it is, and goes when it is back', async (_what, state, fault) => {
    const { recording, deps, places, path, object } = await recorded(200_000)
    s3.line.state = state
    const impatient = await openBucket({ limitMs: 300 })
    await expect(carryOver({ ...deps, bucket: impatient }, recording, true)).rejects.toMatchObject({ fault })
    expect(await verifyStored(places, recording)).toMatchObject({ ok: true, value: { state: 'intact' } })
    s3.line.state = 'open'
    await carryOver(deps, recording, true)
    expect([existsSync(path), existsSync(object)]).toEqual([false, true])
    s3.line.state = state
    expect(await openStored({ ...places, bucket: impatient }, recording)).toMatchObject({ ok: false, error: { code: 'recording.bucket' } })
  })

  test('is slow, it arrives all the same', async () => {
    const { recording, deps, object, path } = await recorded(150_000)
    const before = readFileSync(path)
    s3.line.state = { slow: 4096 }
    await carryOver(deps, recording, true)
    expect(readFileSync(object).equals(before)).toBe(true)
  })

  test.each([
    ['does not take the secret', { keys: 'S3RVER\nnot-the-secret' }, 'denied'],
    ['does not know the key', { keys: 'NOBODY\nS3RVER' }, 'denied'],
    ['has no such bucket', { bucket: 'another-one' }, 'no_bucket'],
  ])('%s, that is said and the recording stays', async (_what, wrong, fault) => {
    const { recording, deps, path } = await recorded(1000)
    const refused = carryOver({ ...deps, bucket: await openBucket(wrong) }, recording, true)
    await expect(refused).rejects.toMatchObject({ fault })
    await expect(refused).rejects.not.toThrow(/not-the-secret/)
    expect(existsSync(path)).toBe(true)
  })

  test('forgets an upload, all of it is sent anew', async () => {
    const { recording, deps, object, path } = await recorded(200_000)
    writeFileSync(noteOf(path), JSON.stringify({ upload: 'forgotten', partBytes, parts: [{ etag: '"a"', sha256: 'b' }] }))
    const before = readFileSync(path)
    await expect(carryOver(deps, recording, true)).rejects.toBeInstanceOf(Error)
    await carryOver(deps, recording, true)
    expect(readFileSync(object).equals(before)).toBe(true)
  })
})

/** Carries a recording in a process of its own, which kills itself: when so many parts were sent, or when the bucket has all of it. */
const program = `
const [, settings] = process.argv
const { here, place, keys, recordings, recording, partBytes, dieAfter } = JSON.parse(settings)
const { openS3 } = await import(here + '/../../platform/object-store/index.ts')
const { createDialer } = await import(here + '/../../platform/dialer/index.ts')
const { Secret } = await import(here + '/../../kernel/secret.ts')
const { carryOver } = await import(here + '/carry-over.ts')
const dial = createDialer({ allow: [{ cidr: '127.0.0.0/8' }], ownListeners: [], lab: true })
const bucket = await openS3(place, Secret.fromText(keys), dial, () => new Date())
const die = () => process.kill(process.pid, 'SIGKILL')
const part = bucket.part
bucket.part = async (name, upload, number, bytes) => {
  if (number > dieAfter) die()
  return await part(name, upload, number, bytes)
}
await carryOver({ bucket, recordings, partBytes, stored: async () => die() }, recording, true)
`

describe('a process that is killed', () => {
  test.each([
    ['between two parts', 2],
    ['when the bucket has all of it, before the file goes', 1000],
  ])('%s loses nothing, and what was sent is not sent again', async (_when, dieAfter) => {
    const { recording, deps, places, path, object } = await recorded(300_000)
    const before = readFileSync(path)
    const place = { bucket: s3.bucket, endpoint: s3.endpoint, region: 'eu-central-1', prefix: 'prod/', pathStyle: true }
    const settings = { here: import.meta.dirname, place, keys: keysOfStore, recordings: places.recordings, recording, partBytes, dieAfter }
    const child = spawn(process.execPath, ['--input-type=module', '-e', program, JSON.stringify(settings)], { stdio: 'inherit' })
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL'])
    expect(readFileSync(path).equals(before)).toBe(true)
    s3.asked.length = 0
    await carryOver(deps, recording, true)
    const parts = Math.ceil(before.length / partBytes)
    expect(sent(/^PUT/).length).toBe(Math.max(0, parts - dieAfter))
    expect(existsSync(path)).toBe(false)
    expect(readFileSync(object).equals(before)).toBe(true)
  })
})
