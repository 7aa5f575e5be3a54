import { observed, unobserved } from './events.ts'
import type { Watch } from './live/live.store.ts'
import type { Opening, OpenSessionDeps } from './opening.ts'
import { setObserved, setSessionEnd } from './session.store.ts'

/** What of a running session is shown to others and stands in the ledger, as it changes. */
export interface SessionState {
  /** It was given more time: the end is so far from now, in milliseconds. */
  endsIn(remainingMs: number): void
  /** Supervised: somebody came to observe it, or nobody is there any more. */
  observed(by: Watch | undefined): void
}

export function keepState({ db, audit, clock, log }: OpenSessionDeps, { row, intent, admitted }: Required<Opening>): SessionState {
  // one after the other: the last that happened is the last that is written
  let last = Promise.resolve()
  const then = (write: () => Promise<unknown>) => {
    last = last.then(write).then(
      () => undefined,
      (error: unknown) => log(`what a session came to was not written down: ${String(error)}`),
    )
  }
  return {
    endsIn(remainingMs) {
      const at = new Date(clock.now().getTime() + remainingMs)
      then(() => db.transaction().execute((tx) => setSessionEnd(tx, row.id, at)))
    },
    observed(by) {
      then(async () => {
        const event = by ? observed({ session: row.id, watch: by.id, observer: by.person }) : unobserved({ session: row.id })
        await audit.noteLater(event, by?.person ?? admitted.person, { intent })
        await db.transaction().execute((tx) => setObserved(tx, row.id, by !== undefined))
      })
    },
  }
}
