import { setTimeout as sleep } from 'node:timers/promises'
import { againAndAgain } from '../../platform/db/again-and-again.ts'
import type { RetentionDeps } from './change-class.ts'
import { destroyRecording, finish } from './destroy-recording.ts'
import { withKeys } from './destruction.store.ts'
import { dueSessions } from './due-sessions.ts'
import { readKeeping } from './read-keeping.ts'

/** In one look. What is left waits for the next: a class that was made shorter does not keep the server busy for hours. */
const mostInOneLook = 5_000
const pauseMs = 20
const everyMs = 24 * 3600_000
/** Where the keeper refuses because of one of these, it refuses everything. */
const decideAll: readonly unknown[] = ['retention_class', 'legal_hold', 'retention_anchor']

/**
 * Destroys what is kept no longer, and what a crash left half destroyed. Answers how many. The database only says where to look: the keeper decides
 * of each one, and where a row that decides is not what was attested, nothing is destroyed.
 */
export async function lookAtRecordings(
  deps: RetentionDeps & { log: (line: string) => void },
  over: () => boolean = () => false,
): Promise<number> {
  const { db, keeper, now, log } = deps
  const { forged, ...keeping } = await readKeeping(keeper).then((r) => (r.ok ? r.value : { forged: [r.error.message] }))
  if (forged.length > 0 || !('classes' in keeping)) {
    log(`no recording is destroyed: ${forged[0] ?? 'the keeper says nothing'}`)
    return 0
  }
  let destroyed = 0
  for (const id of await withKeys(db, mostInOneLook)) {
    if (over()) return destroyed
    const done = await finish(deps, id)
    if (done.ok) destroyed += 1
    else log(`a recording's keys are not destroyed yet (${id}): ${done.error.code}`)
  }
  for await (const { session } of dueSessions(db, keeping, now())) {
    if (over() || destroyed >= mostInOneLook) return destroyed
    const done = await destroyRecording(deps, session.id)
    if (done.ok) destroyed += 1
    else if ('facts' in done.error && decideAll.includes(done.error.facts?.kind)) {
      log(`no recording is destroyed: ${done.error.message}`)
      return destroyed
    } else log(`the recording of ${session.id} is not destroyed: ${done.error.code}`)
    await sleep(pauseMs)
  }
  return destroyed
}

/** Looks when the server starts and once a day, on one server at a time. */
export const startKeepingRecordings = (deps: RetentionDeps & { log: (line: string) => void }): { stop(): Promise<void> } =>
  againAndAgain({
    ...{ db: deps.db, lock: 'claviger/retention/keeping-recordings', everyMs, atOnce: true },
    work: (over) => lookAtRecordings(deps, over),
    failed: (error) => deps.log(`recordings could not be looked after, trying again: ${String(error)}`),
  })
