import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { sha256 } from '../../platform/crypto/hash.ts'
import { blockHash, bytesInMemory, checkChain, type FrameBody, FrameBuffer, type Stream } from '../../protocols/recording/index.ts'
import { readRecording } from './recording-reader.ts'
import { sealChunk, sealHeader } from './seal-block.ts'
import { deriveSegmentKeys } from './segment-keys.ts'

const range = (from: number) => Uint8Array.from({ length: 32 }, (_, i) => from + i)
const keys = { viewers: range(0), officers: range(32) }
const facts = {
  columns: 80,
  keys: { officers: 'officers:1', viewers: 'recordings:1' },
  kind: 'terminal' as const,
  recording: 'rec_vector0001',
  rows: 24,
  session: 'ses_vector0001',
  started: '2026-01-02T03:04:05.678Z',
}
const text = (all: string) => Buffer.from(all)

/** What docs/formats.md says the file holds: stream, final, and frames with their times. */
const chunks: [Stream, boolean, [number, FrameBody][]][] = [
  [
    'viewers',
    false,
    [
      [0, { kind: 'event', text: 'opened' }],
      [250_000, { kind: 'output', bytes: text('$ ') }],
      [1_500_000, { kind: 'output', bytes: text('id\r\n') }],
      [1_500_000, { kind: 'input', bytes: text('id\r') }],
      [1_501_000, { kind: 'output', bytes: text('uid=0(root)\r\nPassword: ') }],
      [1_700_000, { kind: 'command', ago: 200_500, text: 'id' }],
      [3_000_000, { kind: 'hidden', count: 8 }],
    ],
  ],
  ['officers', false, [[3_000_000, { kind: 'unproven', bytes: text('hunter2\r') }]]],
  [
    'viewers',
    true,
    [
      [3_100_000, { kind: 'resize', columns: 132, rows: 43 }],
      [4_000_000, { kind: 'event', text: 'ended' }],
    ],
  ],
]

async function buildVector(): Promise<Buffer> {
  const salt = range(64)
  const segmentKeys = await deriveSegmentKeys(keys, { recording: facts.recording, segment: 1, salt })
  const blocks = [sealHeader({ segment: 1, compression: 'none', salt, previous: new Uint8Array(32), facts }, segmentKeys)]
  for (const [index, [stream, final, frames]] of chunks.entries()) {
    const buffer = new FrameBuffer()
    for (const [at, body] of frames) buffer.append(at, body)
    const { at, plain } = buffer.take()
    const previous = blockHash(blocks.at(-1) as Buffer)
    const header = { final, stream, segment: 1, index, at, plainLength: plain.length, previous }
    blocks.push(Buffer.concat(sealChunk(header, facts.recording, segmentKeys, [plain]).parts))
  }
  return Buffer.concat(blocks)
}

const page = readFileSync(join(import.meta.dirname, '../../../../docs/formats.md'), 'utf8')
const inDocs = (name: string): string => {
  const found = new RegExp(`<!-- vector: ${name} -->\\s*\`\`\`[a-z]*\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1]
  if (!found) throw new Error(`docs/formats.md has no vector called ${name}`)
  return found.replaceAll(/\s/g, '')
}

describe('the test vector in docs/formats.md', () => {
  test('is what we write, byte for byte', async () => {
    const file = await buildVector()
    expect(inDocs('recording')).toBe(file.toString('hex'))
    expect(inDocs('recording-sha256')).toBe(sha256(file).toString('hex'))
  })

  test('is intact, and its head is the one in the docs', async () => {
    const verdict = await checkChain(bytesInMemory(Buffer.from(inDocs('recording'), 'hex')))
    expect(verdict).toMatchObject({ state: 'intact', chunks: 3, head: inDocs('recording-head') })
  })

  test('reads as the docs say, with and without the officers’ key', async () => {
    const source = bytesInMemory(Buffer.from(inDocs('recording'), 'hex'))
    const started = Date.parse(facts.started) * 1000
    for (const officers of [undefined, keys.officers]) {
      const reader = await readRecording(source, { viewers: keys.viewers, officers })
      if (!reader.ok) throw new Error(reader.error.code)
      const read: unknown[] = []
      for await (const { at, ...frame } of reader.value.frames()) read.push([at - started, frame.kind])
      const expected = chunks.filter(([stream]) => stream === 'viewers' || officers).flatMap(([, , frames]) => frames)
      expect(read).toEqual(expected.map(([at, body]) => [body.kind === 'command' ? at - body.ago : at, body.kind]))
      expect(reader.value.verdict?.state).toBe('intact')
    }
  })
})
