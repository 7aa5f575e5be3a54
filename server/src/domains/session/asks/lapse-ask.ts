import { attest } from '../../../keeper/attest-rows.ts'
import type { Keeper } from '../../../keeper/client.ts'
import type { AskId, EntryId, PersonId } from '../../../kernel/id.ts'
import { ok } from '../../../kernel/result.ts'
import type { Audit } from '../../audit/index.ts'
import { actLapsed } from '../events.ts'
import { lockAsk, stepAsk } from './asks.store.ts'

/** Why nobody's word is waited for any longer, and nothing was done. */
export type Lapse = 'timed_out' | 'cancelled' | 'suspended' | 'session_over' | 'policy' | 'interrupted'

/** An act that waits, or was allowed and not done yet, is not done any more. May be called again; what passed or was refused stays so. */
export async function lapseAsk(
  { audit, keeper }: { audit: Audit; keeper: Keeper },
  id: AskId,
  why: Lapse,
  of: { person: PersonId | null; intent?: EntryId },
): Promise<void> {
  const done = await audit.act<void, { code: string; message: string }>(
    { act: 'session.act_lapse', by: of.person, about: { ask: id } },
    async ({ tx, record }) => {
      const row = await lockAsk(tx, id)
      if (!row || (row.state !== 'waiting' && row.state !== 'allowed')) return ok(undefined)
      const { comment: _, ...before } = row
      const over = { ...before, state: 'over' as const, revision: row.revision + 1 }
      const attested = await attest(keeper, [{ kind: 'session_ask', revision: over.revision, row: over }], { by: 'system' })
      if (!attested.ok) return attested
      await stepAsk(tx, over, why, attested.value.macOf(id))
      await record(
        actLapsed({ session: row.session_id, ask: id, why }),
        attested.value.attestations,
        of.intent ? { intent: of.intent } : {},
      )
      return ok(undefined)
    },
  )
  if (!done.ok) throw new Error(done.error.message)
}
