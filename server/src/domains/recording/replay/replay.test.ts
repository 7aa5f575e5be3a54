import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import xterm, { type Terminal } from '@xterm/headless'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Clock } from '../../../kernel/clock.ts'
import { bytesInMemory } from '../../../protocols/recording/index.ts'
import { utf8Decoder } from '../export-asciicast.ts'
import { readRecording } from '../recording-reader.ts'
import { RecordingWriter } from '../recording-writer.ts'
import { growKept } from './grow-kept.ts'
import { growOutline } from './grow-outline.ts'
import { type Made, makeOutline } from './make-outline.ts'
import { readStretch } from './read-stretch.ts'
import { ReplayTerminal } from './replay-terminal.ts'
import { type KeptEnds, makingOf, openEnds, openOutline, openScreen, sealGrown, sealOutline } from './seal-outline.ts'
import { Unfinished } from './unfinished.ts'

const size = { columns: 20, rows: 6 }

/** What somebody sees of a terminal: each cell with its looks, and the cursor. */
function seen(terminal: Terminal): unknown {
  const { active } = terminal.buffer
  const rows = Array.from({ length: terminal.rows }, (_, y) => {
    const line = active.getLine(active.baseY + y)
    return Array.from({ length: terminal.cols }, (_, x) => {
      const cell = line?.getCell(x)
      const looks = [cell?.isBold(), cell?.isInverse(), cell?.isUnderline(), cell?.getFgColor(), cell?.getBgColor()].join()
      return `${cell?.getChars() || ' '}|${cell?.getWidth()}|${looks}`
    })
  })
  return { rows, cursor: [active.cursorX, active.cursorY], type: active.type }
}
async function drawn(...texts: string[]): Promise<Terminal> {
  const terminal = new xterm.Terminal({ cols: size.columns, rows: size.rows, scrollback: 0, allowProposedApi: true, logLevel: 'off' })
  for (const text of texts) await new Promise<void>((done) => terminal.write(text, done))
  return terminal
}

const pieces = [
  ...['hello', ' ', 'x'.repeat(19), 'y'.repeat(20), '日本', 'é', '\r\n', '\r', '\n', '\b\b', '\t'],
  ...['\x1b[31;1mred', '\x1b[38;5;200m', '\x1b[48;2;1;2;3m  ', '\x1b[7minverse\x1b[27m', '\x1b[0m', '\x1b[4munder\x1b[m', '\x1b[44m\x1b[K'],
  ...[
    '\x1b[2;3H',
    '\x1b[6;20H',
    '\x1b[H',
    '\x1b[A',
    '\x1b[3C',
    '\x1b[2J',
    '\x1b[K',
    '\x1b[1J',
    '\x1b[2L',
    '\x1b[M',
    '\x1b[2P',
    '\x1b[3@',
    '\x1b[4X',
  ],
  ...[
    '\x1b[2;4r',
    '\x1b[r',
    '\x1bM',
    '\x1bD',
    '\x1b[S',
    '\x1b[T',
    '\x1b7',
    '\x1b8',
    '\x1b[?6h',
    '\x1b[?6l',
    '\x1b[?7l',
    '\x1b[?7h',
    '\x1b[4h',
    '\x1b[4l',
  ],
  ...['\x1b[?1049h', '\x1b[?1049l', '\x1b(0qqx\x1b(B', '\x1b]0;a title\x07', '\x1bP1$r\x1b\\', '\x1b[?25l', '\x1b[?25h'],
]
const session = fc.array(fc.constantFrom(...pieces), { maxLength: 25 }).map((all) => all.join(''))

describe('what stood on a screen', () => {
  test('brings an empty terminal there, wherever the output is cut, so that what follows looks as it did', async () => {
    await fc.assert(
      fc.asyncProperty(session, fc.nat(), session, async (first, at, then) => {
        const [before, rest] = [first.slice(0, at % (first.length + 1)), first.slice(at % (first.length + 1)) + then]
        const followed = new ReplayTerminal(size, false)
        await followed.output(before)
        const { text } = await followed.screen()
        expect(seen(await drawn(text, rest))).toEqual(seen(await drawn(before, rest)))
      }),
      { numRuns: 200, seed: 1 },
    )
  })

  test.each([
    ['a colour that is cut', 'a\x1b[3', '\x1b[3'],
    ['a title that does not end', 'a\x1b]0;secret words', '\x1b]'],
    ['a title that ended', 'a\x1b]0;title\x07', ''],
    ['an escape', 'a\x1b', '\x1b'],
    ['plain text', 'abc', ''],
    ['one that was cancelled', '\x1b[3\x18', ''],
    ['parameters without end', `\x1b[${'1;'.repeat(10_000)}`, `\x1b[${'1;'.repeat(10_000)}`.slice(0, 256)],
  ])('and the beginning of a sequence: %s', (_, text, open) => {
    const unfinished = new Unfinished()
    for (const letter of text) unfinished.push(letter)
    expect(unfinished.text).toBe(open)
  })
})

const keys = { viewers: new Uint8Array(32).fill(1), officers: new Uint8Array(32).fill(2) }
const facts = {
  ...{ recording: 'rec_aaaaaaaaaa', session: 'ses_aaaaaaaaaa', keys: { viewers: 'v:1', officers: 'o:1' } },
  ...size,
}
let folder: string
let file: Buffer
let made: Made

const openFile = async (bytes: Uint8Array) => {
  const reader = await readRecording(bytesInMemory(bytes), keys)
  if (!reader.ok) throw new Error(reader.error.code)
  return reader.value
}
const stretchOf = (n: number, bytes: Uint8Array = file, { outline } = made) => readStretch(bytesInMemory(bytes), keys.viewers, outline, n)

/** `wider`: in its midst the terminal gets more columns. */
async function written(wider: boolean): Promise<Buffer> {
  let monotonic = 0
  const clock: Clock = { now: () => new Date(Date.parse('2026-01-01T10:00:00Z') + monotonic), monotonic: () => monotonic }
  const path = join(folder, `${wider}.clvr`)
  const writer = new RecordingWriter({ path, facts, keys, clock, terminal: true, flushEvery: 1 })
  if (!(await writer.start()).ok) throw new Error('not started')
  // cut inside of characters and sequences, as a network does
  const all = Buffer.from(Array.from({ length: 60 }, (_, n) => `\x1b[3${n % 8}m${n} 日本語 \x1b[0m${'w'.repeat(n)}\r\n`).join(''))
  for (let at = 0, n = 0; at < all.length; at += 37, n++) {
    monotonic += n % 10 === 9 ? 5_000 : 100
    if (n % 10 === 5) writer.input(Buffer.from(`id ${n}\r`))
    const { chunks } = writer.head()
    writer.output(all.subarray(at, at + 37))
    if (n === 30 && wider) writer.resize(30, 8)
    // each is a chunk of its own, however slow the disk
    while (writer.head().chunks === chunks) await new Promise((passed) => setTimeout(passed, 1))
  }
  await writer.close()
  return await readFile(path)
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replayed-'))
  file = await written(true)
  made = await makeOutline(await openFile(file), false, 2_000)
})
afterAll(() => rm(folder, { recursive: true }))

describe('an outline', () => {
  test('has the whole file in stretches, one after the other, with their seconds', () => {
    const { stretches, ...outline } = made.outline
    expect(stretches.length).toBeGreaterThan(4)
    expect(stretches[0]).toMatchObject({ from: 0, seconds: 0, before: '0'.repeat(64), chunk: 0 })
    for (const [n, one] of stretches.entries()) {
      expect(one.from).toBe(stretches[n - 1]?.to ?? 0)
      expect(one.before).toBe(stretches[n - 1]?.after ?? '0'.repeat(64))
      expect(one.seconds).toBeGreaterThanOrEqual(stretches[n - 1]?.seconds ?? 0)
    }
    expect(stretches.at(-1)).toMatchObject({ to: file.length, after: outline.head })
    expect(outline).toMatchObject({ bytes: file.length, recording: facts.recording, moreCommands: 0 })
    expect(outline.gaps.length).toBeGreaterThan(3)
  })

  test('each stretch, read by itself from its screen on, leads to the screen of the next', async () => {
    for (const [n, { bytes }] of made.outline.stretches.entries()) {
      const next = made.screens[n + 1]
      const frames = await stretchOf(n)
      if (!next || !frames.ok) continue
      const screen = made.screens[n] as (typeof made.screens)[number]
      const terminal = new ReplayTerminal(screen, false)
      const decode = utf8Decoder()
      await terminal.output(screen.text)
      decode(Buffer.from(bytes, 'hex'))
      for (const frame of frames.value) {
        if (frame.kind === 'output') await terminal.output(decode(frame.bytes))
        if (frame.kind === 'resize') await terminal.resize(frame.columns, frame.rows)
      }
      expect(await terminal.screen(), `stretch ${n}`).toEqual(next)
    }
    expect((await stretchOf(made.outline.stretches.length - 1)).ok).toBe(true)
  })

  test('has fewer and longer stretches of a long recording, and still all of it', async () => {
    const tiny = await makeOutline(await openFile(file), false, 1)
    expect(tiny.outline.stretches.length).toBeGreaterThan(made.outline.stretches.length)
    expect(tiny.outline.stretches.length).toBeLessThanOrEqual(1024)
    expect(tiny.outline.stretches.at(-1)?.to).toBe(file.length)
    expect(tiny.screens.length).toBe(tiny.outline.stretches.length)
  })
})

describe('an outline of a recording that is still written', () => {
  // a terminal that gets wider joins lines that it had wrapped; one that goes on from a screen does not know which these are
  let file: Buffer
  let made: Made
  beforeAll(async () => {
    file = await written(false)
    made = await makeOutline(await openFile(file), false, 2_000)
  })
  const upTo = (bytes: number) => file.subarray(0, bytes)
  const grow = async ({ outline, end }: Made, bytes: Uint8Array) => {
    const grown = await growOutline(bytesInMemory(bytes), keys.viewers, outline, end)
    if ('code' in grown) throw new Error(grown.code)
    return grown
  }

  test('is gone on with whenever somebody looks, wherever it ended, and comes to what one of the whole is', async () => {
    // cut inside of blocks: what is not there to its end is not read
    const lengths = Array.from({ length: 12 }, (_, n) => Math.floor((file.length * (n + 2)) / 13))
    let grown = await makeOutline(await openFile(upTo(lengths[0] ?? 0)), false, 2_000)
    const screens = [...grown.screens]
    for (const length of lengths.slice(1)) {
      const known = grown.outline
      grown = await grow(grown, upTo(length))
      expect(grown.outline.stretches.slice(0, known.stretches.length - 1)).toEqual(known.stretches.slice(0, -1))
      screens.push(...grown.screens)
    }
    expect(grown.outline).toEqual(made.outline)
    expect([...screens, grown.end]).toEqual([...made.screens, made.end])
  })

  test('is begun and gone on with in steps as small as one likes by who reads behind the recorder, and comes to the same', async () => {
    const whole = await makeOutline(await openFile(file), false)
    const { recording, ...rest } = facts
    const path = join(folder, 'false.clvr')
    const what = { path, facts: { recording, columns: rest.columns, rows: rest.rows, rawLines: false }, most: 1 }
    let kept: KeptEnds | undefined
    let [steps, bytes] = [0, -1]
    for (; ; steps++) {
      const grown = await growKept({ ...what, kept }, keys.viewers)
      if (grown === 'unfit') throw new Error('what was made before does not lead on')
      if (grown.bytes === bytes) break
      bytes = grown.bytes
      kept = { outline: grown.rows[0]?.sealed ?? Buffer.of(), end: grown.rows.at(-1) }
    }
    expect(steps).toBe(whole.outline.chunks + 1)
    const opened = kept && (await openEnds(keys.viewers, recording, kept))
    const stretches = opened?.outline.stretches.map(({ making: _, ...one }) => one)
    expect({ ...opened?.outline, stretches }).toEqual(whole.outline)
    expect(opened?.end).toEqual(whole.end)
  })

  test('is not gone on with behind what somebody altered, or put there from elsewhere', async () => {
    const before = await makeOutline(await openFile(upTo(file.length / 2)), false, 2_000)
    const { bytes } = before.outline
    const changed = Buffer.from(file)
    changed[bytes + 100] = (changed[bytes + 100] as number) ^ 1
    for (const other of [changed, Buffer.concat([upTo(bytes), upTo(bytes)]), Buffer.concat([upTo(bytes), file.subarray(bytes + 1)])]) {
      const grown = await growOutline(bytesInMemory(other), keys.viewers, before.outline, before.end)
      expect(grown).toMatchObject({ code: expect.stringMatching(/^recording\./) })
    }
  })

  test('puts what is new under a salt of its own, and says of each screen of before under which it lies', async () => {
    const before = await makeOutline(await openFile(upTo(file.length / 2)), false, 2_000)
    const sealed = await sealOutline(keys.viewers, before)
    const first = makingOf(sealed[0] as Buffer)
    const stretches = before.outline.stretches.map((one) => ({ ...one, making: first }))
    const grown = await grow({ ...before, outline: { ...before.outline, stretches } }, file)
    const rows = await sealGrown(keys.viewers, grown)
    const known = stretches.length
    const all = grown.outline.stretches.length
    expect(rows.map(({ n }) => n)).toEqual([0, ...Array.from({ length: all - known + 1 }, (_, i) => known + 1 + i)])
    const opened = await openOutline(keys.viewers, facts.recording, rows[0]?.sealed ?? Buffer.of())
    expect(opened?.outline.stretches.map(({ making }) => making)).toEqual([
      ...Array(known).fill(first),
      ...Array(all - known).fill(undefined),
    ])
    expect(opened?.making).not.toBe(first)
    const at = { recording: facts.recording, making: opened?.making ?? '', n: known }
    expect(await openScreen(keys.viewers, at, rows[1]?.sealed ?? Buffer.of())).toEqual(grown.screens[0])
    expect(await openScreen(keys.viewers, { ...at, making: first }, rows[1]?.sealed ?? Buffer.of())).toBeUndefined()
  })
})

describe('somebody who writes where recordings lie', () => {
  test('changes no bit of a stretch without its being refused', async () => {
    for (const [n, { from, to }] of made.outline.stretches.entries()) {
      for (let at = from; at < to; at += 7) {
        const changed = Buffer.from(file)
        changed[at] = (changed[at] as number) ^ (1 << (at % 8))
        const read = await stretchOf(n, changed)
        expect(read.ok, `byte ${at}`).toBe(false)
        if (!read.ok) expect(read.error).toMatchObject({ code: expect.stringMatching(/^recording\./), to: expect.any(Number) })
      }
    }
  })

  test('puts no stretch in the place of another one, leaves none out and cuts none', async () => {
    const [, one, two] = made.outline.stretches as unknown as [unknown, { from: number; to: number }, { from: number; to: number }]
    const swapped = Buffer.concat([
      file.subarray(0, one.from),
      file.subarray(two.from, two.to),
      file.subarray(one.from, one.to),
      file.subarray(two.to),
    ])
    expect((await stretchOf(1, swapped)).ok).toBe(false)
    expect((await stretchOf(1, Buffer.concat([file.subarray(0, one.from), file.subarray(one.to)]))).ok).toBe(false)
    expect((await stretchOf(1, file.subarray(0, one.to - 1))).ok).toBe(false)
    // genuine blocks, whole and in order, and not those of this stretch: all of them others, or some more
    for (const place of [
      { from: two.from, to: two.to },
      { from: one.from, to: two.to },
    ]) {
      const stretches = made.outline.stretches.map((real, n) => (n === 1 ? { ...real, ...place } : real))
      expect((await stretchOf(1, file, { ...made, outline: { ...made.outline, stretches } })).ok, JSON.stringify(place)).toBe(false)
    }
    // the others are what they were
    expect((await stretchOf(0, swapped)).ok).toBe(true)
  })

  test('writes no outline: each bit of it, each other place and each other making is refused', async () => {
    const sealed = await sealOutline(keys.viewers, made)
    const [outline, first, second] = sealed as [Buffer, Buffer, Buffer]
    const opened = await openOutline(keys.viewers, facts.recording, outline)
    if (!opened) throw new Error('the outline does not open')
    expect(opened.outline).toEqual(made.outline)
    const { making } = opened
    const at = { recording: facts.recording, making, n: 0 }
    expect(await openScreen(keys.viewers, at, first)).toEqual(made.screens[0])
    expect(await openScreen(keys.viewers, at, second)).toBeUndefined()
    expect(await openScreen(keys.viewers, { ...at, n: 1 }, first)).toBeUndefined()
    const [, again] = (await sealOutline(keys.viewers, made)) as [Buffer, Buffer]
    expect(await openScreen(keys.viewers, at, again)).toBeUndefined()
    expect(await openOutline(keys.viewers, 'rec_bbbbbbbbbb', outline)).toBeUndefined()
    expect(await openOutline(keys.officers, facts.recording, outline)).toBeUndefined()
    for (let byte = 0; byte < outline.length; byte++) {
      const changed = Buffer.from(outline)
      changed[byte] = (changed[byte] as number) ^ (1 << (byte % 8))
      expect(await openOutline(keys.viewers, facts.recording, changed), `byte ${byte}`).toBeUndefined()
    }
    expect(sealed.some((part) => part.includes('wwww') || part.includes('"stretches"'))).toBe(false)
  })
})
