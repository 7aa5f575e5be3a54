import { holdLock } from './hold-lock.ts'
import type { Db } from './open-db.ts'

export interface Again {
  db: Db
  /** Servers on this database that do the same name it alike: one of them does it at a time. */
  lock: string
  everyMs: number
  /** Also when it begins, and not first after `everyMs`. */
  atOnce?: boolean
  /** `over` turns true when it is to end soon. */
  work(over: () => boolean): Promise<unknown>
  failed(error: unknown): void
}

/** Does something again and again, on one server at a time, and never beside itself: what takes longer than `everyMs` is let finish. */
export function againAndAgain({ db, lock, everyMs, atOnce = false, work, failed }: Again): { stop(): Promise<void> } {
  let over = false
  let working: Promise<unknown> | undefined
  const begin = () => {
    working ??= holdLock(db, lock, 0, () => work(() => over))
      .catch(failed)
      .finally(() => {
        working = undefined
      })
  }
  const timer = setInterval(begin, everyMs)
  if (atOnce) begin()
  return {
    async stop() {
      over = true
      clearInterval(timer)
      await working
    },
  }
}
