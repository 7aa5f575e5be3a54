import type { RequestId } from '../../kernel/id.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { type DeadlineTimer, deadlineTimer } from '../../platform/timers/deadline.ts'
import { nextEnd } from './access.store.ts'
import { type EndGrantsDeps, endDue } from './end-grants.ts'
import { grantWithoutApproval } from './grant-without-approval.ts'

/** Ends grants and requests at their time, and grants what needs nobody's approval. Told of changes by the database's notifications. */
export function startExpiry(deps: EndGrantsDeps & { db: Db; log: (line: string) => void }): DeadlineTimer & { changed(id: string): void } {
  const { db, log } = deps
  const timer = deadlineTimer({
    now: deps.now,
    next: () => db.transaction().execute((tx) => nextEnd(tx)),
    async fire() {
      const ended = await endDue(deps)
      if (!ended.ok) throw new Error('message' in ended.error ? ended.error.message : ended.error.code)
    },
    onError: (error) => log(`grants could not be ended, trying again: ${error instanceof Error ? error.message : String(error)}`),
  })
  return {
    ...timer,
    changed(id) {
      timer.wake()
      // filed at a door, whose process may not grant
      if (id.startsWith('req_'))
        grantWithoutApproval(deps, id as RequestId).catch((error: unknown) => log(`${id} could not be granted: ${String(error)}`))
    },
  }
}
