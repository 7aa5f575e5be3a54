import { setTimeout as sleep } from 'node:timers/promises'
import type { Result } from '../kernel/result.ts'
import type { RunningPostgres } from '../platform/postgres-server/index.ts'

export interface KeptDatabase {
  /** Undefined when somebody else runs it. */
  pid(): number | undefined
  stop(): Promise<void>
}

const soonest = 250
const slowest = 10_000

/**
 * Starts the database again when it ends by itself, ever more slowly and without giving up: whatever stands in the way (a full
 * disk) may be cleared by a person meanwhile. The other parts come back to it by themselves, on the same socket and as the same roles.
 */
export function keepDatabase(
  first: RunningPostgres,
  startAgain: () => Promise<Result<RunningPostgres, string>>,
  log: (line: string) => void,
): KeptDatabase {
  let current = first
  let away = false
  const stopping = new AbortController()

  const watch = async (): Promise<void> => {
    for (let delay = soonest; !stopping.signal.aborted; ) {
      await current.exited
      away = true
      while (away && !stopping.signal.aborted) {
        log(`starting the database again in ${delay} ms; until then nothing new opens`)
        await sleep(delay, undefined, { signal: stopping.signal }).catch(() => undefined)
        delay = Math.min(delay * 2, slowest)
        if (stopping.signal.aborted) return
        const started = await startAgain()
        if (started.ok) {
          current = started.value
          away = false
          log('the database is back')
        } else log(`the database could not be started again: ${started.error}`)
      }
      // one that ran for a while begins with short waits again
      const began = Date.now()
      void current.exited.then(() => {
        if (Date.now() - began > slowest) delay = soonest
      })
    }
  }
  const watching = watch()

  return {
    pid: () => current.pid,
    async stop() {
      stopping.abort()
      await current.stop()
      await watching
      if (!away) await current.stop()
    },
  }
}
