import type { TargetId } from '../../kernel/id.ts'
import { againAndAgain } from '../../platform/db/again-and-again.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { type DiscoverDeps, discoverTarget } from './discover-target.ts'
import { toDiscover } from './discovery.store.ts'

export interface KeepDiscoveringDeps extends DiscoverDeps {
  db: Db
  /** Milliseconds from one look at a target to the next. */
  discoverMs: number
}

const dayMs = 86_400_000
const atOnce = 20

/** Targets that could not be looked at, and until when they are left alone. It is known to this process only: one that was started anew tries them once more. */
export type LeftAlone = Map<TargetId, number>

/** Looks again at targets at which nobody looked for so long, those first that wait longest. Answers how many were seen. */
export async function discoverDue(deps: KeepDiscoveringDeps, left: LeftAlone, over: () => boolean = () => false): Promise<number> {
  const { db, discoverMs, now } = deps
  for (const [target, until] of left) if (until <= now().getTime()) left.delete(target)
  let seen = 0
  for (const target of await toDiscover(db, { at: now(), everyMs: discoverMs, but: [...left.keys()] }, atOnce)) {
    if (over()) break
    const looked = await discoverTarget(deps, null, target, 'schedule')
    if (looked.ok) seen += 1
    // each look is a login, which a target that refuses it counts against the account
    else left.set(target, now().getTime() + Math.min(discoverMs, dayMs))
  }
  return seen
}

const lookMs = 300_000

/** Does so again and again, on one server at a time. */
export function keepDiscovering(deps: KeepDiscoveringDeps & { log: (line: string) => void }): { stop(): Promise<void> } {
  const left: LeftAlone = new Map()
  return againAndAgain({
    ...{ db: deps.db, lock: 'claviger/inventory/discovering', everyMs: lookMs },
    work: (over) => discoverDue(deps, left, over),
    failed: (error) => deps.log(`targets could not be looked at: ${error instanceof Error ? error.message : String(error)}`),
  })
}
