import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ChunkFile } from './chunk-file.ts'
import { FrameQueue } from './frame-queue.ts'
import { chainStart, SegmentWriter } from './segment-writer.ts'

const facts = {
  recording: 'rec_aaaaaaaaaa',
  session: 'ses_aaaaaaaaaa',
  columns: 80,
  rows: 24,
  keys: { viewers: 'v:1', officers: 'o:1' },
  kind: 'terminal',
  started: '2026-01-01T10:00:00.000Z',
} as const

test('what is safe at the end is everything, also when a sync that began before it takes longer', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'queue-'))
  const file = await ChunkFile.create(join(folder, 'a.clvr'))
  const keys = { viewers: new Uint8Array(32).fill(1), officers: new Uint8Array(32).fill(2) }
  const segment = await SegmentWriter.begin(file, facts, keys, 'none', chainStart)
  const [begun, goOn, slowOne] = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const [sync, close] = [segment.sync.bind(segment), segment.close.bind(segment)]
  let syncs = 0
  segment.sync = async () => {
    if (++syncs > 1) return await sync()
    begun.resolve()
    await goOn.promise
    await sync()
    slowOne.resolve()
  }
  segment.close = async () => {
    goOn.resolve()
    await slowOne.promise
    await close()
  }
  const failures: string[] = []
  const queue = new FrameQueue({
    segment,
    now: () => 0,
    every: 1,
    beforeFlush: () => {},
    failed: ({ code }) => failures.push(code),
  })
  queue.append({ kind: 'output', bytes: Buffer.from('before') })
  await begun.promise
  queue.append({ kind: 'output', bytes: Buffer.from('after') })
  const ended = queue.end()
  setTimeout(goOn.resolve, 50)
  await ended
  expect(failures).toEqual([])
  expect(queue.safe).toEqual(segment.head)
  expect(queue.safe.chunks).toBe(2)
  await rm(folder, { recursive: true })
})
