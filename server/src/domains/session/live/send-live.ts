import { setTimeout as sleep } from 'node:timers/promises'
import type { WatchId } from '../../../kernel/id.ts'
import type { Db } from '../../../platform/db/open-db.ts'
import type { RecordingWriter } from '../../recording/index.ts'
import { bytesWaiting, giveUpWatch, sendBlocks } from './live.store.ts'

/** Sealed bytes of what happened before, so that a watcher comes to a screen and not to half of one. */
const pastBytes = 1024 * 1024
/** What a watcher may leave untaken; above it nothing more is sent. */
const mostUntaken = 4 * 1024 * 1024
/** What waits here meanwhile; above it the watcher is given up. The session never waits for anybody who watches. */
const mostWaiting = 4 * 1024 * 1024
const mostAtOnce = 1024 * 1024
const lookAgainMs = 100

export interface Sending {
  /** A block of the gateway's own, behind what was sent before it. */
  send(block: Uint8Array): void
  /** Sends what is left, for two seconds at most, and nothing after it. */
  finish(): Promise<void>
  stop(): void
}

/** Sends the sealed chunks of a running session to one watcher, through the database, which cannot open them. `over` is called once when it fails. */
export function sendLive(
  { db, log }: { db: Db; log: (line: string) => void },
  watch: WatchId,
  writer: RecordingWriter,
  over: () => void,
): Sending {
  const waiting: Uint8Array[] = []
  let bytes = 0
  let state: 'sending' | 'finishing' | 'stopped' = 'sending'
  let wake = () => {}
  const push = (block: Uint8Array) => {
    waiting.push(block)
    bytes += block.length
    wake()
  }
  const follower = writer.follow((block) => {
    if (state !== 'stopped') push(block)
  })
  const stop = () => {
    state = 'stopped'
    follower.stop()
    wake()
  }

  const take = (): Uint8Array[] => {
    const batch: Uint8Array[] = []
    for (let size = 0; waiting.length > 0 && (batch.length === 0 || size + (waiting[0]?.length ?? 0) <= mostAtOnce); ) {
      const block = waiting.shift() as Uint8Array
      size += block.length
      batch.push(block)
    }
    bytes -= batch.reduce((sum, block) => sum + block.length, 0)
    return batch
  }
  const run = async () => {
    const past = await follower.past(pastBytes)
    // what came while the file was read is in both: the reader takes each once
    waiting.unshift(...past, new Uint8Array(0))
    bytes += past.reduce((sum, block) => sum + block.length, 0)
    while (state !== 'stopped') {
      if (bytes > mostWaiting) {
        await db.transaction().execute((tx) => giveUpWatch(tx, watch))
        return
      }
      if (waiting.length === 0) {
        if (state === 'finishing') return
        const { promise, resolve } = Promise.withResolvers<void>()
        wake = resolve
        await promise
        continue
      }
      if ((await db.transaction().execute((tx) => bytesWaiting(tx, watch))) > mostUntaken) {
        await sleep(lookAgainMs)
        continue
      }
      const batch = take()
      if (!(await db.transaction().execute((tx) => sendBlocks(tx, watch, batch)))) return
    }
  }
  const done = run()
    .catch((error: unknown) => log(`a session is not shown to a watcher any more: ${String(error)}`))
    .finally(() => {
      stop()
      over()
    })
  return {
    send(block) {
      if (state === 'sending') push(block)
    },
    async finish() {
      if (state === 'sending') state = 'finishing'
      wake()
      const timer = setTimeout(stop, 2_000)
      await done
      clearTimeout(timer)
    },
    stop,
  }
}
