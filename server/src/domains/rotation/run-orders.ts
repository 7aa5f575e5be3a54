import type { TargetId } from '../../kernel/id.ts'
import type { OrderDeps } from './deps.ts'
import { isBusy } from './in-turn.ts'
import { dueOrders } from './order.store.ts'
import { workOffTarget } from './work-off-target.ts'

const everyMs = 1_000
/** Targets that are worked on at once: each waits for its network most of the time, and holds a connection to the database. */
const atOnce = 4
/** As many targets are looked at, to find some that are free. */
const lookAt = 100

export interface Running {
  /** Milliseconds since it last looked for what is due. */
  sinceLook(): number
  /** Something was ordered: looks now, and not at the next second. */
  look(): void
  stop(): Promise<void>
}

/**
 * Works off what is due, several targets at once and several accounts of each. Another server's target is passed over: the database's lock
 * says whose it is, and lets go of one that was killed, whose order is still due.
 */
export function runOrders(deps: OrderDeps & { log: (line: string) => void }): Running {
  const { db, now, log } = deps
  const running = new Map<TargetId, Promise<void>>()
  let looked = performance.now()
  let over = false
  let looking: Promise<void> | undefined

  /** Answers whether more of this target may be looked for at once: not while another server has its turn, or the seal is closed. */
  const attempt = async (target: TargetId): Promise<boolean> => {
    try {
      const worked = await workOffTarget(deps, target)
      if (!worked.ok) return false
      for (const { error, order } of worked.value.failed) log(`${order.account_id} could not be rotated: ${error.code}`)
      return true
    } catch (error) {
      log(`what is due on ${target} could not be worked off: ${error instanceof Error ? error.message : String(error)}`)
      return false
    }
  }
  const look = async (): Promise<void> => {
    const due = await db.transaction().execute((tx) => dueOrders(tx, now(), lookAt))
    looked = performance.now()
    for (const order of due) {
      if (over || running.size >= atOnce) return
      if (running.has(order.target) || isBusy(order.target)) continue
      const work = attempt(order.target).then((onwards) => {
        running.delete(order.target)
        if (onwards) kick()
      })
      running.set(order.target, work)
    }
  }
  const kick = (): void => {
    if (over) return
    looking ??= look()
      .catch((error: unknown) => log(`rotations that are due could not be looked for: ${String(error)}`))
      .finally(() => {
        looking = undefined
      })
  }
  const timer = setInterval(kick, everyMs)
  kick()
  return {
    sinceLook: () => performance.now() - looked,
    look: kick,
    async stop() {
      over = true
      clearInterval(timer)
      await looking
      await Promise.all(running.values())
    },
  }
}
