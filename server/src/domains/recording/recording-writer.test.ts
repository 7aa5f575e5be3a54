import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Clock, systemClock } from '../../kernel/clock.ts'
import { Secret } from '../../kernel/secret.ts'
import { bytesInMemory, type Manifest } from '../../protocols/recording/index.ts'
import type { RecordedFrame } from './open-frames.ts'
import type { RecordingOptions } from './recording-options.ts'
import { openRecording, readRecording } from './recording-reader.ts'
import { RecordingWriter } from './recording-writer.ts'
import type { ReaderKeys } from './segment-keys.ts'
import { unprovenInput } from './unproven-input.ts'
import { verifyRecording } from './verify-recording.ts'

const keys = { viewers: new Uint8Array(32).fill(1), officers: new Uint8Array(32).fill(2) }
const facts = {
  recording: 'rec_aaaaaaaaaa',
  session: 'ses_aaaaaaaaaa',
  columns: 80,
  rows: 24,
  keys: { viewers: 'recordings:1', officers: 'officers:1' },
}

let folder: string
let count = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recording-'))
})
afterAll(() => rm(folder, { recursive: true }))
const newPath = () => join(folder, `${count++}.clvr`)

async function begin(options: Partial<RecordingOptions> = {}) {
  const path = options.path ?? newPath()
  const writer = new RecordingWriter({ path, facts, keys, clock: systemClock, terminal: true, flushEvery: 5, ...options })
  const started = await writer.start()
  if (!started.ok) throw new Error(started.error.code)
  return { path, writer, begun: started.value }
}

async function readAll(bytes: Uint8Array, how: ReaderKeys = keys, manifest?: Manifest) {
  const reader = await readRecording(bytesInMemory(bytes), how, { manifest })
  if (!reader.ok) return { frames: [], refused: reader.error.code, verdict: undefined }
  const frames: RecordedFrame[] = []
  for await (const frame of reader.value.frames()) frames.push(frame)
  return { frames, refused: undefined, verdict: reader.value.verdict }
}

const joined = (frames: readonly RecordedFrame[], kind: 'output' | 'input' | 'unproven' | 'undecided') =>
  Buffer.concat(frames.flatMap((frame) => (frame.kind === kind ? [frame.bytes] : []))).toString('latin1')

const settle = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
/** Waits for something that happens behind the session, however slow the machine is. */
async function until(holds: () => boolean | Promise<boolean>) {
  for (const end = performance.now() + 60_000; performance.now() < end; await settle(5)) if (await holds()) return
  throw new Error('it never happened')
}

describe('a recording', () => {
  test('holds what happened, and its manifest vouches for the file', async () => {
    const { path, writer, begun } = await begin()
    expect(begun.chunks).toBe(0)
    writer.output(Buffer.from('$ '))
    writer.input(Buffer.from('id\r'))
    writer.output(Buffer.from('id\r\nuid=0(root)\r\nPassword: '))
    writer.input(Buffer.from('hunter2\r'))
    writer.resize(132, 43)
    writer.output(Buffer.from('\r\n'))
    const manifest = await writer.close()
    expect(await writer.close()).toBe(manifest)

    expect(manifest).toMatchObject({ complete: true, segments: 1, counts: { proven: 3, unproven: 8, resizes: 1, commands: 1, events: 2 } })
    expect(await verifyRecording(path, manifest, [begun])).toMatchObject({ ok: true, value: { state: 'intact', anchored: true } })
    const file = await readFile(path)
    expect(manifest.bytes).toBe(file.length)
    const { frames, verdict } = await readAll(file, keys, manifest)
    expect(verdict?.state).toBe('intact')
    expect(joined(frames, 'output')).toBe('$ id\r\nuid=0(root)\r\nPassword: \r\n')
    expect(joined(frames, 'input')).toBe('id\r')
    expect(joined(frames, 'unproven')).toBe('hunter2\r')
    expect(frames).toContainEqual(expect.objectContaining({ kind: 'command', text: 'id' }))
    expect(frames).toContainEqual(expect.objectContaining({ kind: 'resize', columns: 132, rows: 43 }))

    const shown = await readAll(file, { viewers: keys.viewers })
    expect(shown.verdict?.state).toBe('intact')
    expect(JSON.stringify(shown.frames.map((frame) => ('bytes' in frame ? Buffer.from(frame.bytes).toString() : frame)))).not.toContain(
      'hunter2',
    )
    expect(shown.frames).toContainEqual(expect.objectContaining({ kind: 'hidden', count: 8 }))
  })

  test('is a file of its own, for its group to read, and never takes the place of another', async () => {
    const { path, writer } = await begin()
    await writer.close()
    expect((await stat(path)).mode & 0o777).toBe(0o640)
    const before = await readFile(path)
    const second = new RecordingWriter({ path, facts, keys, clock: systemClock, terminal: true })
    expect(await second.start()).toEqual({ ok: false, error: { code: 'recording.exists', detail: 'EEXIST' } })
    expect(await readFile(path)).toEqual(before)
  })

  test('that cannot be made says so instead of starting', async () => {
    const writer = new RecordingWriter({ path: join(folder, 'no', 'such.clvr'), facts, keys, clock: systemClock, terminal: true })
    expect(await writer.start()).toEqual({ ok: false, error: { code: 'recording.unwritable', detail: 'ENOENT' } })
  })

  test('keeps its keys with the caller, as secrets too', async () => {
    const secret = { viewers: new Secret(new Uint8Array(32).fill(1)), officers: new Secret(new Uint8Array(32).fill(2)) }
    const { path, writer } = await begin({ keys: secret })
    writer.output(Buffer.from('x'))
    await writer.close()
    expect((await readAll(await readFile(path), secret)).verdict?.state).toBe('intact')
  })

  test('of a session without a terminal proves nothing, and knows its command beforehand', async () => {
    const { path, writer } = await begin({ terminal: false, command: 'cat > /etc/motd' })
    writer.input(Buffer.from('hello\n'))
    writer.output(Buffer.from('hello\n'))
    await writer.close()
    const { frames } = await readAll(await readFile(path))
    expect(joined(frames, 'unproven')).toBe('hello\n')
    expect(frames.filter((frame) => frame.kind === 'command')).toMatchObject([{ text: 'cat > /etc/motd' }])
  })

  test('gets to the disk while the session runs, and its head only grows', async () => {
    const { path, writer, begun } = await begin()
    const heads = [begun]
    for (let i = 0; i < 3; i++) {
      writer.output(Buffer.from(`line ${i}\r\n`))
      await until(() => writer.head().chunks > (heads.at(-1)?.chunks ?? 0))
      heads.push(writer.head())
    }
    expect(await verifyRecording(path, undefined, heads)).toMatchObject({ ok: true, value: { state: 'interrupted', anchored: true } })
    const manifest = await writer.close()
    expect(await verifyRecording(path, manifest, heads)).toMatchObject({ ok: true, value: { state: 'intact', anchored: true } })
  })

  test('masks the released credential in what the target shows, also where it is cut', async () => {
    const { path, writer } = await begin()
    await writer.scrub(Secret.fromText('S3cret-of-web01'))
    for (const piece of ['motd S3cre', 't-of', '-web01 end $ S']) writer.output(Buffer.from(piece))
    await settle(30)
    writer.output(Buffer.from('3cret-of-web01!'))
    await writer.close()
    const out = joined((await readAll(await readFile(path))).frames, 'output')
    expect(out).toBe('motd *************** end $ S**************!')
  })

  test('masks it in what the person types unseen, too, whatever was written down meanwhile', async () => {
    const { path, writer } = await begin()
    await writer.scrub(Secret.fromText('S3cret-of-web01'))
    writer.output(Buffer.from('Password: '))
    for (const key of 'no S3cret-of-web01\r') writer.input(Buffer.from(key))
    writer.output(Buffer.from('\r\n$ '))
    // a line of which nothing is decided when it is written down
    writer.input(Buffer.from('S3cret-of-web01'))
    await until(async () => joined((await readAll(await readFile(path))).frames, 'undecided') !== '')
    const held = await readFile(path)
    await writer.close()
    const { frames } = await readAll(await readFile(path))
    expect(joined(frames, 'unproven')).toBe('no ***************\r***************')
    expect(joined(frames, 'input')).toBe('')
    expect(joined((await readAll(held)).frames, 'undecided')).toBe('***************')
  })

  test('tells when something was typed unseen, though that was decided much later', async () => {
    let monotonic = 1000
    const { path, writer } = await begin({ clock: { now: () => new Date('2026-01-01T10:00:00.000Z'), monotonic: () => monotonic } })
    writer.output(Buffer.from('$ '))
    writer.input(Buffer.from('stty -echo; cat\r'))
    writer.output(Buffer.from('stty -echo; cat\r\n'))
    monotonic += 2000
    for (const key of 'hunter2\r') writer.input(Buffer.from(key))
    await settle(60)
    monotonic += 60_000
    writer.input(Buffer.from('swordfish\r'))
    await settle(60)
    monotonic += 600_000
    await writer.close()
    const reader = await openRecording(path, keys)
    if (!reader.ok) throw new Error(reader.error.code)
    const { unproven, next } = await unprovenInput(reader.value, { from: 0, most: 1_000 })
    const shown = unproven.map((one) => one.kind === 'typed' && [one.seconds, Buffer.from(one.bytes).toString(), one.after])
    expect(shown).toEqual([
      [2, 'hunter2\r', 'stty -echo; cat'],
      [62, 'swordfish\r', 'stty -echo; cat'],
    ])
    expect(next).toBeNull()
    const rest = await unprovenInput(reader.value, { from: 0, most: 9 })
    expect([rest.unproven.length, rest.next]).toEqual([1, 62])
    expect((await unprovenInput(reader.value, { from: 62, most: 9 })).unproven).toHaveLength(1)
    await reader.value.close()
  })

  test('says how long it took by a clock that nobody can set', async () => {
    let wall = Date.parse('2026-01-01T10:00:00.000Z')
    let monotonic = 1000
    const clock: Clock = { now: () => new Date(wall), monotonic: () => monotonic }
    const { path, writer } = await begin({ clock })
    monotonic += 2500
    writer.output(Buffer.from('x'))
    monotonic += 500
    wall -= 60_000
    const manifest = await writer.close()
    expect(manifest.durations).toEqual({ wall: -60_000, monotonic: 3000 })
    const { frames } = await readAll(await readFile(path))
    expect(frames.find((frame) => frame.kind === 'output')?.at).toBe((Date.parse('2026-01-01T10:00:00.000Z') + 2500) * 1000)
  })
})

describe('a recording that cannot follow', () => {
  test('holds the source back, and lets it go on when it has caught up', async () => {
    const { path, writer } = await begin()
    expect(writer.pressure()).toBeUndefined()
    for (let i = 0; i < 48; i++) writer.output(Buffer.alloc(64 * 1024, i))
    const pressure = writer.pressure()
    expect(pressure).toBeInstanceOf(Promise)
    expect(writer.pressure()).toBe(pressure)
    await pressure
    expect(writer.pressure()).toBeUndefined()
    const manifest = await writer.close()
    expect(manifest.counts.output).toBe(48 * 64 * 1024)
    expect(await verifyRecording(path, manifest)).toMatchObject({ ok: true, value: { state: 'intact' } })
  })

  test('of a busy session is whole and its own, beside another one, whether it compresses or not', async () => {
    const session = async (letter: string) => {
      const { path, writer, begun } = await begin({ terminal: false })
      const pieces: Buffer[] = []
      for (let n = 0; n < 160; n++) {
        // half a megabyte of each by turns: chunks of either kind overtake each other if they can
        const piece = n % 32 < 16 ? randomBytes(32_000 + n) : Buffer.alloc(32_000 + n, `line ${n} of ${letter}\n`)
        pieces.push(piece)
        writer.output(piece)
        await writer.pressure()
        if (n % 8 === 0) await settle(1)
      }
      const manifest = await writer.close()
      expect(await verifyRecording(path, manifest, [begun])).toMatchObject({ ok: true, value: { state: 'intact' } })
      const file = await readFile(path)
      expect(file.length).toBeLessThan(0.6 * Buffer.concat(pieces).length)
      const { frames } = await readAll(file, keys, manifest)
      expect(joined(frames, 'output') === Buffer.concat(pieces).toString('latin1')).toBe(true)
    }
    await Promise.all([session('a'), session('b')])
  })

  test('ends the session of a source that does not wait, and vouches for what is safe', async () => {
    const { path, writer } = await begin()
    const failures: string[] = []
    writer.onFailure(({ code }) => failures.push(code))
    for (let i = 0; i < 300; i++) writer.output(Buffer.alloc(64 * 1024, i))
    expect(failures).toEqual(['recording.overrun'])
    let passed = false
    void writer.pressure()?.then(() => {
      passed = true
    })
    const manifest = await writer.close()
    expect(manifest.complete).toBe(false)
    expect(await verifyRecording(path, manifest)).toMatchObject({ ok: true, value: { state: 'interrupted' } })
    expect(passed).toBe(false)
  })
})

describe('a recording that broke off', () => {
  /** Copies the file as a killed process would leave it. */
  async function killed(steps: (writer: RecordingWriter) => void) {
    const { path, writer, begun } = await begin()
    steps(writer)
    const size = async () => (await stat(path)).size
    // what was begun together is safe together
    await until(() => writer.head().chunks > begun.chunks)
    let last = -1
    await until(async () => {
      await settle(40)
      const now = await size()
      const same = now === last
      last = now
      return same
    })
    const left = await readFile(path)
    await writer.close()
    return left
  }

  test('keeps all that was flushed, input included that was not decided yet', async () => {
    const left = await killed((writer) => {
      writer.output(Buffer.from('$ '))
      writer.input(Buffer.from('ls\r'))
      writer.output(Buffer.from('ls\r\n$ '))
      writer.input(Buffer.from('rm -rf'))
    })
    const { frames, verdict } = await readAll(left)
    expect(verdict?.state).toBe('interrupted')
    expect(joined(frames, 'input')).toBe('ls\r')
    expect(joined(frames, 'undecided')).toBe('rm -rf')
    expect(joined((await readAll(left, { viewers: keys.viewers })).frames, 'undecided')).toBe('')
  })

  test('goes on in a new segment with a new key, and is whole again at its end', async () => {
    const path = newPath()
    const left = await killed((writer) => {
      writer.output(Buffer.from('before '))
      writer.input(Buffer.from('x'))
    })
    await writeFile(path, Buffer.concat([left, Buffer.from('CLVC torn')]))
    const { writer, begun } = await begin({ path, resume: true })
    writer.output(Buffer.from('after'))
    const manifest = await writer.close()
    expect(manifest).toMatchObject({ complete: true, segments: 2, counts: { output: 12, events: 3 } })
    expect(await verifyRecording(path, manifest, [begun])).toMatchObject({
      ok: true,
      value: { state: 'intact', anchored: true, segments: 2 },
    })
    const { frames, verdict } = await readAll(await readFile(path))
    expect(verdict?.state).toBe('intact')
    expect(joined(frames, 'output')).toBe('before after')
    expect(joined(frames, 'undecided')).toBe('x')
    expect(frames.flatMap((frame) => (frame.kind === 'event' ? [frame.text] : []))).toEqual([
      'opened',
      'resumed after a torn tail of 9 bytes',
      'ended',
    ])
  })

  test('is not gone on with when it had ended, or was altered', async () => {
    const { path, writer } = await begin()
    writer.output(Buffer.from('x'))
    await writer.close()
    const again = () => new RecordingWriter({ path, facts, keys, clock: systemClock, terminal: true, resume: true }).start()
    expect(await again()).toMatchObject({ ok: false, error: { code: 'recording.already_ended' } })
    const file = await readFile(path)
    file[file.length - 1] = (file.at(-1) as number) ^ 1
    await writeFile(path, file)
    expect(await again()).toMatchObject({ ok: false, error: { code: 'recording.chunk_altered' } })
  })
})

describe('whatever a session does', () => {
  const act = fc.oneof(
    { weight: 4, arbitrary: fc.record({ output: fc.string({ unit: 'binary', maxLength: 40 }) }) },
    {
      weight: 2,
      arbitrary: fc.record({ input: fc.string({ unit: fc.constantFrom('a', 'b', '\r', '\x7f', '\x1b[A', 'é'), maxLength: 6 }) }),
    },
    { weight: 1, arbitrary: fc.record({ columns: fc.integer({ min: 1, max: 500 }), rows: fc.integer({ min: 1, max: 500 }) }) },
    { weight: 1, arbitrary: fc.record({ wait: fc.integer({ min: 0, max: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ bulk: fc.integer({ min: 1, max: 400_000 }) }) },
  )

  test('its frames survive writing and reading, at any rhythm of flushes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(act, { maxLength: 15 }),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom('none' as const, 'zstd' as const),
        async (acts, flushEvery, compression) => {
          const { path, writer } = await begin({ flushEvery, compression })
          const output: Buffer[] = []
          const typed: Buffer[] = []
          for (const each of acts) {
            if ('output' in each) output.push(Buffer.from(each.output))
            if ('bulk' in each) output.push(Buffer.alloc(each.bulk, 'bulk '))
            if ('output' in each || 'bulk' in each) writer.output(output.at(-1) as Buffer)
            if ('input' in each) {
              typed.push(Buffer.from(each.input))
              writer.input(typed.at(-1) as Buffer)
            }
            if ('columns' in each) writer.resize(each.columns, each.rows)
            if ('wait' in each) await settle(each.wait)
          }
          const manifest = await writer.close()
          const { frames, verdict } = await readAll(await readFile(path), keys, manifest)
          expect(verdict).toMatchObject({ state: 'intact', anchored: true })
          expect(joined(frames, 'output')).toBe(Buffer.concat(output).toString('latin1'))
          const decided = frames.flatMap((frame) => (frame.kind === 'input' || frame.kind === 'unproven' ? [...frame.bytes] : []))
          expect(decided.toSorted()).toEqual([...Buffer.concat(typed)].toSorted())
          expect(frames.filter((frame) => frame.kind === 'resize').length).toBe(acts.filter((each) => 'columns' in each).length)
          expect(manifest.counts.output).toBe(Buffer.concat(output).length)
          expect(manifest.counts.proven + manifest.counts.unproven).toBe(Buffer.concat(typed).length)
        },
      ),
      { numRuns: 40 },
    )
  })
})

describe('a reader with the key', () => {
  let file: Buffer
  let manifest: Manifest
  beforeAll(async () => {
    const { path, writer } = await begin()
    for (let i = 0; i < 3; i++) {
      const { chunks } = writer.head()
      writer.output(Buffer.from(`line ${i} and some more\r\n`))
      writer.input(Buffer.from('hidden\r'))
      await until(() => writer.head().chunks > chunks)
    }
    manifest = await writer.close()
    file = await readFile(path)
  })

  test('finds every changed bit, even where nobody vouches for the end, and never gives out a frame that was not written', async () => {
    // input that was not decided where the reading stops is given out as such
    const decided = (frames: readonly RecordedFrame[]) => JSON.stringify(frames.filter((frame) => frame.kind !== 'undecided'))
    const genuine = decided((await readAll(file)).frames)
    for (let at = 0; at < file.length; at++) {
      const changed = Buffer.from(file)
      changed[at] = (changed[at] as number) ^ (1 << (at % 8))
      const { frames, refused, verdict } = await readAll(changed)
      expect(refused ?? verdict?.state, `byte ${at}`).not.toBe('intact')
      expect(genuine.startsWith(decided(frames).slice(0, -1)), `byte ${at}`).toBe(true)
      const known = await readAll(changed, keys, manifest)
      expect(known.refused ?? known.verdict?.state, `byte ${at}`).not.toMatch(/^(intact|interrupted)$/)
    }
  })

  test('finds every cut, and reads what is before it', async () => {
    for (let length = 0; length < file.length; length++) {
      const { refused, verdict } = await readAll(file.subarray(0, length))
      expect(refused ?? verdict?.state, `${length} bytes`).toMatch(/^(recording\.not_a_recording|interrupted)$/)
    }
  })

  test('is refused with another key, without a frame', async () => {
    expect(await readAll(file, { viewers: new Uint8Array(32).fill(9) })).toMatchObject({ refused: 'recording.wrong_key', frames: [] })
  })

  test('gets no unproven byte with the officers’ key of another recording', async () => {
    const { frames, verdict } = await readAll(file, { viewers: keys.viewers, officers: new Uint8Array(32).fill(9) })
    expect(verdict).toMatchObject({ state: 'altered', finding: { code: 'recording.chunk_altered' } })
    expect(joined(frames, 'unproven')).toBe('')
  })
})
