import { setTimeout as sleep } from 'node:timers/promises'
import type { PersonId, SessionOrderId } from '../../../kernel/id.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import { newId } from '../../../platform/crypto/random.ts'
import type { Db } from '../../../platform/db/open-db.ts'
import type { Audit } from '../../audit/index.ts'
import type { SessionError } from '../errors.ts'
import { messageOrdered, resumeOrdered, suspendOrdered } from '../events.ts'
import { insertOrder, outcomeOf, watchable } from './live.store.ts'

export interface OrderDeps {
  db: Db
  audit: Audit
}

export type What = 'message' | 'suspend' | 'resume'
/** `waiting`: its gateway did not say yet that it did it. */
export type Outcome = 'done' | 'not_shown' | 'waiting'

const patienceMs = 3_000
const lookMs = 50

const orders = {
  message: { act: 'session.message', event: (session: string, words: string) => messageOrdered({ session, message: words }) },
  suspend: { act: 'session.suspend', event: (session: string, words: string) => suspendOrdered({ session, reason: words }) },
  resume: { act: 'session.resume', event: (session: string, words: string) => resumeOrdered({ session, reason: words }) },
}

/** An officer tells the person something, holds the session or lets it go on. It is in the ledger before its gateway hears of it. */
export async function orderSession(
  { db, audit }: OrderDeps,
  session: string,
  what: What,
  words: string,
  by: PersonId,
): Promise<Result<Outcome, SessionError>> {
  const { act, event } = orders[what]
  const ordered = await audit.act<SessionOrderId, SessionError>({ act, by, about: { session } }, async ({ tx, record }) => {
    const found = await watchable(tx, session)
    if (!found) return fail({ code: 'session.unknown', session })
    if (!found.running) return fail({ code: 'session.not_running' })
    const id = newId('sor')
    await insertOrder(tx, { id, session_id: session, what, words, by_person: by })
    await record(event(session, words))
    return ok(id)
  })
  if (!ordered.ok) return ordered
  for (const until = performance.now() + patienceMs; performance.now() < until; await sleep(lookMs)) {
    const outcome = await db.transaction().execute((tx) => outcomeOf(tx, ordered.value))
    if (outcome) return ok(outcome)
  }
  return ok('waiting')
}
