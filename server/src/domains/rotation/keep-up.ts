import { isWithin, type Window } from '../../kernel/window.ts'
import { againAndAgain } from '../../platform/db/again-and-again.ts'
import { type Ages, beginCare, oldEnough, toVerify } from './care.store.ts'
import { checkOld } from './check-old.ts'
import type { OrderDeps } from './deps.ts'
import { putOrder } from './order.store.ts'
import { verifyAccount } from './verify-account.ts'

export interface KeepUpDeps extends OrderDeps {
  ages: Ages
  /** When rotations by age may begin; none: always. */
  windows: readonly Window[]
  /** Milliseconds between two looks. */
  lookMs: number
  log: (line: string) => void
}

/** As many in one look: the next one follows soon. */
const orderedAtOnce = 500
const verifiedAtOnce = 50

/** Orders what is old enough, tries what was not tried for long, and what was replaced and should be dead by now. Answers how many of each. */
export async function keepUp(
  deps: KeepUpDeps,
  over: () => boolean = () => false,
): Promise<{ ordered: number; verified: number; old: number }> {
  const { db, ages, windows } = deps
  const at = deps.now()
  const ordered = await db.transaction().execute(async (tx) => {
    await beginCare(tx, at, ages)
    if (!isWithin(windows, at)) return 0
    const due = await oldEnough(tx, at, ages, orderedAtOnce)
    for (const account of due)
      await putOrder(tx, { ...{ account, trigger: 'schedule', reason: 'it was old enough', by: null }, ...{ at, due: at } })
    return due.length
  })
  const old = await checkOld(deps)
  let verified = 0
  for (const { account } of await db.transaction().execute((tx) => toVerify(tx, at, ages, verifiedAtOnce))) {
    if (over()) break
    // a target whose turn another has is looked at next time
    if ((await verifyAccount(deps, { account, by: null }, 0)).ok) verified += 1
  }
  return { ordered, verified, old }
}

/** Does so again and again, on one server at a time. */
export const keepKeepingUp = (deps: KeepUpDeps): { stop(): Promise<void> } =>
  againAndAgain({
    ...{ db: deps.db, lock: 'claviger/rotation/keeping-up', everyMs: deps.lookMs },
    work: (over) => keepUp(deps, over),
    failed: (error) =>
      deps.log(`credentials could not be looked after, trying again: ${error instanceof Error ? error.message : String(error)}`),
  })
