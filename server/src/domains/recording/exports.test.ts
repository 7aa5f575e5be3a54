import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Clock } from '../../kernel/clock.ts'
import { bytesInMemory } from '../../protocols/recording/index.ts'
import { asciicast } from './export-asciicast.ts'
import { commandList } from './export-commands.ts'
import { plainText } from './export-text.ts'
import { type RecordingReader, readRecording } from './recording-reader.ts'
import { RecordingWriter } from './recording-writer.ts'

const keys = { viewers: new Uint8Array(32).fill(1), officers: new Uint8Array(32).fill(2) }
const facts = { recording: 'rec_aaaaaaaaaa', session: 'ses_aaaaaaaaaa', columns: 80, rows: 24, keys: { viewers: 'v:1', officers: 'o:1' } }
const started = Date.parse('2026-01-01T10:00:00.000Z')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'exports-'))
})
afterAll(() => rm(folder, { recursive: true }))

let count = 0
/** A recording of what `session` does, by a clock that goes only when told to. Never flushed by time: its chunks are what the end makes. */
async function recorded(session: (writer: RecordingWriter, wait: (ms: number) => Promise<void>) => void | Promise<void>): Promise<Buffer> {
  let monotonic = 0
  const clock: Clock = { now: () => new Date(started + monotonic), monotonic: () => monotonic }
  const path = join(folder, `${count++}.clvr`)
  const writer = new RecordingWriter({ path, facts, keys, clock, terminal: true, flushEvery: 60_000 })
  const begun = await writer.start()
  if (!begun.ok) throw new Error(begun.error.code)
  await session(writer, async (ms) => {
    await nextTurn()
    monotonic += ms
  })
  await writer.close()
  return await readFile(path)
}

async function readerOf(file: Uint8Array): Promise<RecordingReader> {
  const reader = await readRecording(bytesInMemory(file), { viewers: keys.viewers })
  if (!reader.ok) throw new Error(reader.error.code)
  return reader.value
}

async function collect<T>(all: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const each of all) found.push(each)
  return found
}

const castOf = async (file: Uint8Array) => (await collect(asciicast(await readerOf(file), 'a title'))).map((line) => JSON.parse(line))
const textOf = async (...output: string[]) => {
  const file = await recorded((writer) => {
    for (const piece of output) writer.output(Buffer.from(piece, 'latin1'))
  })
  return (await collect(plainText(await readerOf(file)))).join('')
}

describe('as asciicast', () => {
  test('a recording has its size, start and title, then output, proven input and sizes at their times', async () => {
    const file = await recorded(async (writer, wait) => {
      writer.output(Buffer.from('$ '))
      await wait(1500)
      writer.input(Buffer.from('id\r'))
      writer.output(Buffer.from('id\r\n'))
      await wait(250.5)
      writer.resize(100, 30)
      writer.input(Buffer.from('hidden'))
    })
    expect(await castOf(file)).toEqual([
      { version: 2, width: 80, height: 24, timestamp: started / 1000, title: 'a title' },
      [0, 'o', '$ '],
      [1.5, 'o', 'id\r\n'],
      [1.5, 'i', 'id\r'],
      [1.7505, 'r', '100x30'],
    ])
  })

  test('characters that were cut between two pieces are whole again', async () => {
    const grin = Buffer.from('😀')
    const file = await recorded((writer) => {
      for (const byte of grin) writer.output(Uint8Array.of(byte))
    })
    expect((await castOf(file)).slice(1)).toEqual([[0, 'o', '😀']])
  })

  test('a recording that was interrupted, or altered, says so on the screen where it stops', async () => {
    const file = await recorded((writer) => writer.output(Buffer.from('x'.repeat(600_000))))
    const header = file.indexOf('CLVC')
    const second = file.indexOf('CLVC', header + 4)
    expect((await castOf(file.subarray(0, second))).at(-1)).toEqual([0, 'o', '\r\n[this recording was interrupted here]\r\n'])
    const altered = Buffer.from(file)
    altered[second + 70] = (altered[second + 70] as number) ^ 1
    expect((await castOf(altered)).at(-1)?.[2]).toMatch(
      /^\r\n\[this recording cannot be trusted from here on: recording\.chunk_altered, bytes \d+ to \d+\]\r\n$/,
    )
  })
})

describe('as plain text', () => {
  test.each([
    ['without colours, titles and cursor movements', ['\x1b]0;title\x07\x1b[1;32mred\x1b[0m\x1b(B\r\n'], 'red\n'],
    ['with sequences that were cut between two pieces', ['a\x1b', '[3', '1mb\x1b]0;t', 'itle\x1b', '\\c\r\n'], 'abc\n'],
    ['as corrected', ['lx\b \bs\r\n'], 'ls\n'],
    ['as last drawn', ['10%\r20%\r100%\r\nlong line\rok\x1b[K\r\n'], '100%\nok\n'],
    ['to its last line', ['$ '], '$\n'],
    ['with empty lines', ['a\r\n\r\nb\r\n'], 'a\n\nb\n'],
  ])('output reads %s', async (_how, pieces, text) => {
    expect(await textOf(...pieces)).toBe(text)
  })
})

describe('as a list of commands', () => {
  test('a recording has each at the time of Enter', async () => {
    const file = await recorded(async (writer, wait) => {
      for (const command of ['id', 'ls -la']) {
        await wait(1000)
        writer.output(Buffer.from('$ '))
        writer.input(Buffer.from(command))
        writer.output(Buffer.from(command))
        await wait(500)
        writer.input(Buffer.from('\r'))
        await wait(2)
        writer.output(Buffer.from('\r\n'))
      }
    })
    expect(await collect(commandList(await readerOf(file)))).toEqual([
      { at: new Date(started + 1500), seconds: 1.5, text: 'id' },
      { at: new Date(started + 3002), seconds: 3.002, text: 'ls -la' },
    ])
  })
})
