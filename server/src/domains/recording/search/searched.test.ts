import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Clock } from '../../../kernel/clock.ts'
import { bytesInMemory } from '../../../protocols/recording/index.ts'
import { readRecording } from '../recording-reader.ts'
import { RecordingWriter } from '../recording-writer.ts'
import { collectWords } from './collect-words.ts'
import { findInRecording } from './find-in-recording.ts'
import { ScreenLines } from './screen-lines.ts'
import { termOf } from './words.ts'

const keys = { viewers: new Uint8Array(32).fill(1), officers: new Uint8Array(32).fill(2) }
const facts = { recording: 'rec_aaaaaaaaaa', session: 'ses_aaaaaaaaaa', columns: 80, rows: 24, keys: { viewers: 'v:1', officers: 'o:1' } }

let folder: string
let count = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'searched-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function recorded(session: (writer: RecordingWriter, wait: (ms: number) => void) => void | Promise<void>) {
  let monotonic = 0
  const clock: Clock = { now: () => new Date(Date.parse('2026-01-01T10:00:00Z') + monotonic), monotonic: () => monotonic }
  const path = join(folder, `${count++}.clvr`)
  const writer = new RecordingWriter({ path, facts, keys, clock, terminal: true, flushEvery: 60_000 })
  if (!(await writer.start()).ok) throw new Error('not started')
  await session(writer, (ms) => {
    monotonic += ms
  })
  await writer.close()
  const file = await readFile(path)
  const open = async () => {
    const reader = await readRecording(bytesInMemory(file), { viewers: keys.viewers })
    if (!reader.ok) throw new Error(reader.error.code)
    return reader.value
  }
  return {
    words: async (most?: { screen: number; all: number }) => await collectWords(await open(), most),
    find: async (terms: string[], hits = 3, until = Number.POSITIVE_INFINITY) =>
      await findInRecording(await open(), terms.map(termOf), { hits, until }),
  }
}

const linesOf = (...pieces: string[]): string[] => {
  const screen = new ScreenLines()
  return [...pieces.flatMap((piece) => screen.push(Buffer.from(piece))), ...screen.end()]
}

describe('lines of a screen', () => {
  test.each<[string, string[], string[]]>([
    ['what is printed, across pieces', ['one\r\ntw', 'o\r\n'], ['one', 'two']],
    ['colours are none of it', ['\x1b[1;31mred\x1b[0m alert\n'], ['red alert']],
    ['what a full-screen program draws, word by word', ['\x1b[2J\x1b[5;10Hupper\x1b[6;10Hlower'], ['upper', 'lower']],
    ['what was drawn over, and what stands there then', ['10% alpha\r20% beta \n'], ['10% alpha', '20% beta']],
    ['a corrected command', ['rm -fr\b\b\b   \b\b\bls\x1b[K\n'], ['rm ls']],
    ['letters that moved on', ['ac\b\x1b[@b\n'], ['abc']],
    ['titles of windows are none of it', ['\x1b]0;secret title\x07$ id\n'], ['$ id']],
  ])('%s', (_, pieces, lines) => expect(linesOf(...pieces)).toEqual(lines))

  test('are bounded, whatever the target sends', () => {
    const lines = linesOf(`${'x'.repeat(100_000)}\x1b[9999C\x1b[9999C\x1b[9999@y`)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(4096 + 512 + 1)
  })
})

describe('of a terminal', () => {
  const session = () =>
    recorded(async (writer, wait) => {
      writer.output(Buffer.from('$ '))
      wait(2_000)
      writer.input(Buffer.from('cat /etc/nginx.conf\r'))
      writer.output(Buffer.from('cat /etc/nginx.conf\r\n'))
      wait(1_000)
      writer.output(Buffer.from('worker_processes auto;\r\nPassword: '))
      wait(1_000)
      writer.input(Buffer.from('hunter2secret\r'))
      writer.output(Buffer.from('\r\n$ '))
    })

  test('words of commands and of the screen are found, and what was typed unseen is not', async () => {
    const { words, cut } = await (await session()).words()
    expect([...words]).toEqual(expect.arrayContaining(['cat', 'etc', 'nginx', 'conf', 'worker', 'processes', 'auto', 'password']))
    expect(words.has('hunter2secret')).toBe(false)
    expect(cut).toBe(false)
  })

  test('a hit is a line, its second, and where in it the words are', async () => {
    const { find } = await session()
    expect(await find(['worker_processes'])).toEqual({
      hits: [{ where: 'screen', n: null, seconds: 3, text: 'worker_processes auto;', marks: [{ from: 0, to: 16 }] }],
      all: true,
      part: false,
    })
    expect((await find(['nginx.conf', 'auto'])).hits.map((h) => h.text)).toContain('worker_processes auto;')
    expect(await find(['nginx.conf', 'nowhere'])).toMatchObject({ all: false })
    expect(await find(['hunter2secret'])).toMatchObject({ hits: [], all: false })
  })

  test('a recording that takes too long is read in part', async () => {
    const { find } = await session()
    expect(await find(['auto'], 3, performance.now())).toMatchObject({ all: false, part: true })
  })

  test('has more words than are kept: then it says so, and what was typed still has room', async () => {
    const { words } = await recorded(async (writer) => {
      writer.output(Buffer.from(Array.from({ length: 500 }, (_, i) => `noise${i}`).join('\r\n')))
      writer.output(Buffer.from('\r\n$ '))
      writer.input(Buffer.from('needle\r'))
      writer.output(Buffer.from('needle\r\n'))
    })
    const kept = await words({ screen: 100, all: 200 })
    expect(kept.cut).toBe(true)
    expect(kept.words.size).toBeLessThanOrEqual(200)
    expect(kept.words.has('needle')).toBe(true)
  })
})

test('of a long line, what stands around the first place is shown', async () => {
  const { find } = await recorded((writer) => writer.output(Buffer.from(`${'x '.repeat(600)}needle ${'y '.repeat(600)}\r\n`)))
  const [hit] = (await find(['needle'])).hits
  expect(hit?.text).toHaveLength(240)
  expect(hit?.marks.map(({ from, to }) => hit.text.slice(from, to))).toEqual(['needle'])
})
