import { openOrders } from '../live/live.store.ts'
import type { Opening, OpenSessionDeps } from '../opening.ts'
import type { Holding } from './hold-act.ts'

/** A command that is held has no session that runs yet: what ends or suspends it reaches it all the same. `ended`: it was. */
export function reachWhileHeld(
  { db, running, log }: OpenSessionDeps,
  { row, grant }: Opening,
  holding: Holding,
): { readonly ended: boolean; leave(): void } {
  if (!row) throw new Error('the intent comes first')
  const { id } = row
  const suspended = async () => {
    const orders = await db.transaction().execute((tx) => openOrders(tx, id))
    if (orders.some(({ what }) => what === 'suspend')) holding.lapse('suspended')
  }
  // by the gateway's own clock: its grant's end needs no database
  let ended = false
  const cut = () => {
    ended = true
    holding.close()
  }
  const over = setTimeout(cut, grant.remainingMs)
  const gone = running.add(id, {
    grant: grant.id,
    endsAt: new Date(8.64e15),
    cut,
    attend() {
      holding.attend()
      if (holding.waits) suspended().catch((error: unknown) => log(`orders to a held session could not be looked at: ${String(error)}`))
    },
    // its end is looked up when it is opened
    extend: () => {},
    // it is asked about once more before it passes
    look: () => {},
  })
  return {
    get ended() {
      return ended
    },
    leave() {
      clearTimeout(over)
      gone()
    },
  }
}
