import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
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

async function segmentOfItsOwn(): Promise<SegmentWriter> {
  const folder = await mkdtemp(join(tmpdir(), 'queue-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = await ChunkFile.create(join(folder, 'a.clvr'))
  const keys = { viewers: new Uint8Array(32).fill(1), officers: new Uint8Array(32).fill(2) }
  return await SegmentWriter.begin(file, facts, keys, 'none', chainStart)
}

test('what is safe at the end is everything, also when a sync that began before it takes longer', async () => {
  const segment = await segmentOfItsOwn()
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
})

/** More than what is sealed in one turn, several times over; and random, so that nothing else waits for another thread. */
const large = randomBytes(1_000_000)

test('a large chunk leaves room for other things while it is sealed, and what comes meanwhile keeps its order', async () => {
  const segment = await segmentOfItsOwn()
  const queue = new FrameQueue({ segment, now: () => 0, every: 10_000, beforeFlush: () => {}, failed: () => {} })
  const sealed: string[] = []
  let [turn, over] = [0, false]
  const turning = () =>
    void setImmediate(() => {
      turn++
      if (!over) turning()
    })
  turning()
  const steps: number[] = []
  const seal = segment.seal.bind(segment)
  segment.seal = function* (...chunk) {
    const sealing = seal(...chunk)
    for (;;) {
      steps.push(turn)
      const { done, value } = sealing.next()
      if (done) return value
      yield
    }
  }
  segment.onBlock((_block, { stream, index }) => sealed.push(`${index} ${stream}`))
  queue.append({ kind: 'output', bytes: large.subarray(0, 262_144) })
  // while the first is sealed: of the other stream, and of the same
  queue.append({ kind: 'unproven', bytes: large.subarray(0, 262_144) })
  await new Promise((resolve) => setImmediate(resolve))
  queue.append({ kind: 'output', bytes: large.subarray(0, 300_000) })
  await queue.end()
  over = true
  // three large ones, of which each is sealed in several turns
  expect(new Set(steps).size).toBeGreaterThanOrEqual(9)
  expect(sealed).toEqual(['0 viewers', '1 officers', '2 viewers', '3 viewers'])
  expect(queue.safe).toEqual(segment.head)
})

test('a chunk that is begun while another is sealed is refused: no place of the chain, and no nonce, is given twice', async () => {
  const segment = await segmentOfItsOwn()
  const sealing = () => {
    const plain = Buffer.from(large.subarray(0, 262_144))
    return segment.seal({ stream: 'viewers', at: 0, plain, final: false }, [plain])
  }
  const [first, second] = [sealing(), sealing()]
  expect(first.next().done).toBe(false)
  expect(() => second.next()).toThrow('one chunk is sealed at a time')
  const finished = (steps: ReturnType<typeof sealing>): number => {
    const { done, value } = steps.next()
    return done ? value.index : finished(steps)
  }
  expect(finished(first)).toBe(0)
  expect(finished(sealing())).toBe(1)
  await segment.close()
})

test('a file that cannot be written while a chunk is sealed is told, and nobody waits for that chunk', async () => {
  const segment = await segmentOfItsOwn()
  const failures: string[] = []
  const queue = new FrameQueue({ segment, now: () => 0, every: 10_000, beforeFlush: () => {}, failed: ({ code }) => failures.push(code) })
  segment.append = () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' }))
  queue.append({ kind: 'output', bytes: large })
  await queue.end()
  expect(failures).toEqual(['recording.unwritable'])
})

describe('on a slow disk', () => {
  /** Not by a timer: those stand still. */
  const comesTrue = async (what: () => boolean) => {
    while (!what()) await new Promise((turn) => setImmediate(turn))
  }

  /** A queue whose timers and whose clock go on by hand; each sync waits until it is let go. */
  async function slowly(every: number) {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const segment = await segmentOfItsOwn()
    const syncs: { done: () => void }[] = []
    segment.sync = async () => await new Promise<void>((done) => void syncs.push({ done }))
    let now = 0
    const queue = new FrameQueue({ segment, now: () => now * 1_000, every, beforeFlush: () => {}, failed: () => {} })
    const pass = (milliseconds: number) => {
      now += milliseconds
      vi.advanceTimersByTime(milliseconds)
    }
    const append = (text: string) => queue.append({ kind: 'output', bytes: Buffer.from(text) })
    const synced = (count: number) => comesTrue(() => syncs.length === count)
    const end = async () => {
      segment.sync = async () => {}
      for (const { done } of syncs) done()
      await queue.end()
    }
    return { queue, segment, syncs, pass, append, synced, end }
  }

  test('what comes while a flush takes its time is flushed with the end of that, and does not wait a period more', async () => {
    const { segment, syncs, pass, append, synced, end } = await slowly(600)
    append('first')
    pass(600)
    await synced(1)
    append('second')
    pass(599)
    pass(1)
    syncs[0]?.done()
    await synced(2)
    expect(segment.head.chunks).toBe(2)
    await end()
  })

  test('the next flush begins so much sooner as the last one took, but not before half a period', async () => {
    const { queue, segment, syncs, pass, append, synced, end } = await slowly(600)
    append('first')
    pass(600)
    await synced(1)
    pass(200)
    syncs[0]?.done()
    await comesTrue(() => queue.safe.chunks === 1)
    append('second')
    pass(399)
    expect(segment.head.chunks).toBe(1)
    pass(1)
    await synced(2)
    pass(5_000)
    syncs[1]?.done()
    await comesTrue(() => queue.safe.chunks === 2)
    append('third')
    pass(299)
    expect(segment.head.chunks).toBe(2)
    pass(1)
    await synced(3)
    await end()
  })
})
