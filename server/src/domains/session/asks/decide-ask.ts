import { attest } from '../../../keeper/attest-rows.ts'
import type { Keeper } from '../../../keeper/client.ts'
import { factorShownBy } from '../../../keeper/contract.ts'
import type { PersonId } from '../../../kernel/id.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import type { Audit } from '../../audit/index.ts'
import type { SessionError } from '../errors.ts'
import { actAllowed, actDenied } from '../events.ts'
import { type AskRow, decideAskRow, lockAsk, sessionRuns } from './asks.store.ts'

export interface DecideAskDeps {
  audit: Audit
  keeper: Keeper
  now: () => Date
}

/** Somebody's word about one held act: a yes with a fresh code, for exactly the digest that they saw; a no with its reason. */
export type Word =
  | { verdict: 'allowed'; digest: string; code: string; comment: string | null }
  | { verdict: 'refused'; presence: string; reason: string }

const acts = { allowed: { act: 'session.act_allow' }, refused: { act: 'session.act_deny' } } as const

/** Nothing passes by this: the gateway that holds the act asks the keeper once more, which believes what it attested here and no row beside it. */
export async function decideAsk(
  { audit, keeper, now }: DecideAskDeps,
  id: string,
  by: PersonId,
  word: Word,
): Promise<Result<void, SessionError>> {
  const allowed = word.verdict === 'allowed'
  return await audit.act<void, SessionError>({ ...acts[word.verdict], by, about: { ask: id } }, async ({ tx, record }) => {
    const found = await lockAsk(tx, id)
    if (!found) return fail({ code: 'session.ask_unknown', ask: id })
    const { comment: _, ...before } = found
    const at = now()
    // what can be said before a code is spent; the keeper asks the same, of the attested rows
    if (before.person_id === by) return fail({ code: 'session.own_ask' })
    if (before.state !== 'waiting') return fail({ code: 'session.ask_decided', state: before.state })
    if (before.expires_at <= at || !(await sessionRuns(tx, before.session_id))) return fail({ code: 'session.ask_expired' })
    if (allowed && word.digest !== before.digest) return fail({ code: 'session.ask_other_digest' })
    const row: AskRow = { ...before, state: word.verdict, decided_by: by, revision: before.revision + 1 }
    const attested = await attest(
      keeper,
      [{ kind: 'session_ask', revision: row.revision, row: { ...row } }],
      allowed ? { by: 'stepUp', person: by, code: word.code } : { by: 'presence', presence: word.presence },
    )
    if (!attested.ok) return attested
    const { macOf, attestations } = attested.value
    const said = { session: row.session_id, ask: row.id, digest: row.digest }
    await decideAskRow(tx, row, { at, comment: allowed ? word.comment : word.reason }, macOf(row.id))
    await record(
      allowed
        ? actAllowed({ ...said, factor: factorShownBy(word.code), comment: word.comment })
        : actDenied({ ...said, reason: word.reason }),
      attestations,
    )
    return ok(undefined)
  })
}
