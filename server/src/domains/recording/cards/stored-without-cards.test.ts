import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { StatementStart } from '../../../gateways/contract.ts'
import { systemClock } from '../../../kernel/clock.ts'
import { bytesInMemory } from '../../../protocols/recording/index.ts'
import { commandList } from '../export-commands.ts'
import type { RecordedFrame } from '../open-frames.ts'
import type { RecordingOptions } from '../recording-options.ts'
import { readRecording } from '../recording-reader.ts'
import { RecordingWriter } from '../recording-writer.ts'
import { maskingRecorder } from './masking-recorder.ts'
import { anyCard, cardNumber } from './planted.fixture.ts'

/* What a recording of a target in scope pci holds, read with both keys: that of viewers, and the one of two officers. */

const keys = { viewers: new Uint8Array(32).fill(1), officers: new Uint8Array(32).fill(2) }
const facts = { recording: 'rec_aaaaaaaaaa', session: 'ses_aaaaaaaaaa', columns: 80, rows: 24, keys: { viewers: 'a', officers: 'b' } }
const card = cardNumber(3)

let folder: string
let count = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cards-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** All frames of what is recorded meanwhile, in their order. */
async function recorded(options: Partial<RecordingOptions>, doing: (writer: RecordingWriter) => Promise<void> | void) {
  const path = join(folder, `${count++}.clvr`)
  const writer = new RecordingWriter({
    path,
    facts,
    keys,
    clock: systemClock,
    terminal: true,
    flushEvery: 5,
    withoutCards: true,
    ...options,
  })
  expect(await writer.start()).toMatchObject({ ok: true })
  await doing(writer)
  const manifest = await writer.close()
  const reader = await readRecording(bytesInMemory(await readFile(path)), keys, { manifest })
  if (!reader.ok) throw new Error(reader.error.code)
  const frames: RecordedFrame[] = []
  for await (const frame of reader.value.frames()) frames.push(frame)
  const all = (kind: RecordedFrame['kind']) =>
    Buffer.concat(frames.flatMap((frame) => (frame.kind === kind && 'bytes' in frame ? [frame.bytes] : []))).toString('latin1')
  return { frames, all, manifest, path }
}
const bytes = (text: string) => Buffer.from(text)

/** What lies on the disk by now of the recording that is being made, as it would be read if it all ended here. */
async function onDisk(kind: 'output' | 'undecided'): Promise<string> {
  const torn = await readRecording(bytesInMemory(await readFile(join(folder, `${count - 1}.clvr`))), keys, {})
  if (!torn.ok) throw new Error(torn.error.code)
  const left = []
  for await (const frame of torn.value.frames()) if (frame.kind === kind) left.push(Buffer.from(frame.bytes))
  return Buffer.concat(left).toString()
}
const lies = (kind: 'output' | 'undecided', text: string) =>
  vi.waitFor(async () => expect(await onDisk(kind)).toBe(text), { timeout: 60_000 })

describe('a recording without card numbers', () => {
  test('holds neither what was typed and echoed, nor the command that it makes, and says that it leaves them out', async () => {
    const heard: string[] = []
    const masked = `pay ${'X'.repeat(card.length)}`
    const { frames, all, manifest } = await recorded({}, async (writer) => {
      writer.onCommand((text) => heard.push(text))
      writer.output(bytes('$ '))
      for (const key of `pay ${card}`) {
        writer.input(bytes(key))
        writer.output(bytes(key))
      }
      writer.input(bytes('\r'))
      writer.output(bytes('\r\npaid\r\n$ '))
      await lies('output', `$ ${masked}\r\npaid\r\n$ `)
    })
    expect(all('input')).toBe(`${masked}\r`)
    expect(all('output')).toBe(`$ ${masked}\r\npaid\r\n$ `)
    expect(frames).toContainEqual(expect.objectContaining({ kind: 'command', text: masked }))
    expect(frames).toContainEqual(expect.objectContaining({ kind: 'event', text: 'card_numbers_masked' }))
    expect(heard).toEqual([masked])
    // nothing was lost of what is counted
    expect(manifest.counts).toMatchObject({ output: 2 + masked.length + 10, proven: masked.length + 1, unproven: 0 })
  })

  test('holds none that was typed unseen, for two officers either, nor in the copies for the case of a crash', async () => {
    const { frames, all } = await recorded({}, async (writer) => {
      writer.output(bytes('$ '))
      for (const key of card) writer.input(bytes(key))
      await lies('undecided', 'X'.repeat(card.length))
      writer.input(bytes('\r'))
      writer.output(bytes('\r\n'))
    })
    expect(all('unproven')).toBe(`${'X'.repeat(card.length)}\r`)
    expect(JSON.stringify(frames.filter(({ kind }) => kind === 'input' || kind === 'output'))).not.toContain(card.slice(0, 4))
  })

  test('holds none of what is fed to a program without a terminal, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(anyCard, fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1 }), async (number, lengths) => {
        const text = `name,card\r\nDoe,${number},123\r\n`
        const { all } = await recorded({ terminal: false }, (writer) => {
          for (let at = 0, i = 0; at < text.length; i++) {
            const piece = bytes(text.slice(at, at + (lengths[i % lengths.length] as number)))
            writer.input(piece)
            writer.output(piece)
            at += piece.length
          }
        })
        const masked = text.replace(number, 'X'.repeat(number.length)).replace('123', 'XXX')
        expect([all('unproven'), all('output')]).toEqual([masked, masked])
      }),
      { numRuns: 30 },
    )
  })

  test('holds what a slow link brought of one: six digits, and it does not wait for the rest', async () => {
    const { all } = await recorded({}, async (writer) => {
      writer.output(bytes(`$ ${card.slice(0, 9)}`))
      await lies('output', `$ ${card.slice(0, 6)}XXX`)
      writer.output(bytes(`${card.slice(9)}\r\n`))
    })
    expect(all('output')).toBe(`$ ${card.slice(0, 6)}${'X'.repeat(card.length - 6)}\r\n`)
  })

  test('is as any other where it is not asked for', async () => {
    const { all } = await recorded({ withoutCards: false }, (writer) => writer.output(bytes(`${card}\r\n`)))
    expect(all('output')).toBe(`${card}\r\n`)
  })
})

describe('statements', () => {
  const statement = (sql: string, parameters: (string | null)[] = []): StatementStart => ({
    ...{ n: 1, via: 'extended', sql, parameters, unsureEncoding: false, escaped: false },
  })
  const kept = async (start: StatementStart) => {
    const { frames } = await recorded({ kind: 'sql', terminal: false }, (writer) => {
      const recorder = maskingRecorder(writer)
      recorder.statementStarted(start)
      recorder.statementEnded({ n: 1, durationMs: 1, rows: null, bytes: 0, outcome: 'failed', message: `value "${card}" is out of range` })
    })
    const contents = frames.flatMap((frame) => {
      if (frame.kind === 'statement') return [frame.content]
      if (frame.kind === 'unmasked') return [frame.bytes]
      return frame.kind === 'statement_end' ? [bytes(frame.message ?? '')] : []
    })
    return contents.map((content) => Buffer.from(content).toString('latin1')).join('\n')
  }

  test.each([
    [statement(`select '${card}', ${card}, '${card.match(/.{1,4}/g)?.join(' ')}'`)],
    [statement('insert into cards (number, cvv) values ($1, $2)', [card, '987'])],
    [statement('insert into cards values ($1)', [`\\x${Buffer.from(card).toString('hex')}`])],
    [statement('insert into cards values ($1)', [`\\x${BigInt(card).toString(16).padStart(16, '0')}`])],
    // masked for another reason too: two officers see what was masked, and the number is not there either
    [statement(`create role a password '${card}'`)],
    [statement(`insert into cards (number, cvv) values ('${card}', '987')`)],
  ])('are kept without them, for two officers as well: %j', async (start) => {
    const all = await kept(start)
    expect(all).toContain('X')
    for (const secret of [card, Buffer.from(card).toString('hex'), BigInt(card).toString(16), '987', card.slice(4)])
      expect(all).not.toContain(secret)
  })

  test('are kept as they are where there is none', async () => {
    expect(await kept(statement('select $1 from t limit 1000', ['4711']))).toMatch(/select \$1 from t limit 1000.*4711/s)
  })
})

test('the list of commands has none of the one that it began with', async () => {
  const { path } = await recorded({ command: `pay ${card} --cvv 123`, terminal: false }, () => {})
  const reader = await readRecording(bytesInMemory(await readFile(path)), keys, {})
  if (!reader.ok) throw new Error(reader.error.code)
  const commands = []
  for await (const one of commandList(reader.value)) commands.push(one.text)
  expect(commands).toEqual([`pay ${'X'.repeat(card.length)} --cvv XXX`])
})
