import type { RequestId } from '../../kernel/id.ts'
import type { Db } from '../../platform/db/open-db.ts'
import { type DeadlineTimer, deadlineTimer } from '../../platform/timers/deadline.ts'
import { type EndGrantsDeps, endDue } from './end-grants.ts'
import { type GiveToNextDeps, giveAllToNext } from './give-to-next.ts'
import { grantForgotten, grantWithoutApproval } from './grant-without-approval.ts'
import { nextEnd } from './open-access.store.ts'
import { settleReveals } from './reveal-credential.ts'

/** A notification may be lost with its connection: who queues, and who asks for what needs nobody's approval, is looked for as often. */
const lookAgainMs = 5_000
/** Showings that a crash cut off are rare, and closed within so long. */
const settleMs = 60_000

/** Ends grants and requests at their time, grants what needs nobody's approval, and gives accounts that come back to whoever queues. Told of changes by the database's notifications. */
export function startExpiry(
  deps: EndGrantsDeps & GiveToNextDeps & { db: Db; log: (line: string) => void },
): DeadlineTimer & { changed(id: string): void } {
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
  const queues = oneAtATime(
    () => giveAllToNext(deps),
    (error) => log(`an account could not be given to the next: ${String(error)}`),
  )
  const refused = new Set<string>()
  const forgotten = oneAtATime(
    () => grantForgotten(deps, refused),
    (error) => log(`requests that ask for no approval could not be granted: ${String(error)}`),
  )
  const looking = setInterval(() => {
    forgotten.again()
    queues.again()
  }, lookAgainMs)
  const showings = oneAtATime(
    () => settleReveals(deps),
    (error) => log(`showings that were cut off could not be closed: ${String(error)}`),
  )
  const settling = setInterval(showings.again, settleMs)
  showings.again()
  return {
    ...timer,
    changed(id) {
      timer.wake()
      queues.again()
      // filed at a door, whose process may not grant
      if (id.startsWith('req_'))
        grantWithoutApproval(deps, id as RequestId).catch((error: unknown) => log(`${id} could not be granted: ${String(error)}`))
    },
    async stop() {
      clearInterval(looking)
      clearInterval(settling)
      await Promise.all([timer.stop(), queues.settled(), forgotten.settled(), showings.settled()])
    },
  }
}

/** Runs again for each call that came while it ran, once for all of them. */
function oneAtATime(run: () => Promise<void>, onError: (error: unknown) => void): { again(): void; settled(): Promise<void> } {
  let running: Promise<void> | undefined
  let wanted = false
  const again = (): void => {
    wanted = true
    running ??= (async () => {
      while (wanted) {
        wanted = false
        await run().catch(onError)
      }
      running = undefined
    })()
  }
  return { again, settled: async () => await running }
}
