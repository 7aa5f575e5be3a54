import type { Db } from '../../platform/db/open-db.ts'
import { dueActivations } from './activation.store.ts'
import { type EndActivationDeps, endActivation } from './end-activation.ts'

/** Ends what is over by its time, and what nobody uses any more since its grants were ended. Answers how many. */
export async function endDueActivations(deps: EndActivationDeps & { db: Db }): Promise<number> {
  const due = await deps.db.transaction().execute((tx) => dueActivations(tx, deps.now()))
  let ended = 0
  for (const id of due) if ((await endActivation(deps, null, id, 'its time was over, or its grants were ended')).ok) ended += 1
  return ended
}

/** Looks again and again, one look at a time. The grants end by themselves, to the second; this is what follows. */
export function keepActivations(deps: EndActivationDeps & { db: Db; lookMs: number; log: (line: string) => void }): {
  stop(): Promise<void>
} {
  let running: Promise<unknown> = Promise.resolve()
  const timer = setInterval(() => {
    running = running.then(() =>
      endDueActivations(deps).catch((error: unknown) => deps.log(`activations could not be ended: ${String(error)}`)),
    )
  }, deps.lookMs)
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
