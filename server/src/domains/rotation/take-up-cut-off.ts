import { holdLock } from '../../platform/db/hold-lock.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { Jobs } from '../../platform/jobs/jobs.ts'
import { turnOn } from './in-turn.ts'
import { openRotationsByTarget } from './rotation.store.ts'

const everyMs = 5_000
/** A job that was ordered is tried again by itself; after so long it is ordered anew, should it be lost. */
const orderedAgainMs = 600_000

/**
 * Orders the end of rotations that a server which is gone left in the middle. Whoever rotates on a target holds its turn by a lock of the
 * database, which lets go when that server dies: an open rotation on a target whose turn is free is nobody's. Those that a job began are
 * left to it: it is tried again.
 */
export function takeUpCutOff(deps: { db: Db; jobs: Jobs; log: (line: string) => void }, queue: string): { stop(): void } {
  const { db, jobs, log } = deps
  const ordered = new Map<string, number>()
  const look = async (): Promise<void> => {
    for (const { target } of await db.transaction().execute((tx) => openRotationsByTarget(tx)))
      await holdLock(db, turnOn(target), 0, () =>
        db.transaction().execute(async (tx) => {
          for (const { account, trigger } of await openRotationsByTarget(tx, target)) {
            if (trigger === 'check-in' || trigger === 'recovery') continue
            const now = performance.now()
            if (now - (ordered.get(account) ?? Number.NEGATIVE_INFINITY) < orderedAgainMs) continue
            ordered.set(account, now)
            await jobs.enqueue(tx, queue, { account, trigger: 'recovery' })
          }
        }),
      )
  }
  let looking = false
  const timer = setInterval(() => {
    if (looking) return
    looking = true
    look()
      .catch((error: unknown) => log(`rotations that were cut off could not be looked for: ${String(error)}`))
      .finally(() => {
        looking = false
      })
  }, everyMs)
  return { stop: () => clearInterval(timer) }
}
