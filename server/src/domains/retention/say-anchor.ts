import { attest } from '../../keeper/attest-rows.ts'
import { anchorId } from '../../keeper/facts/retention.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { RetentionDeps, WithCode } from './change-class.ts'
import type { RetentionError } from './errors.ts'
import { anchorSaid } from './events.ts'
import { type AnchorRow, isThere, lockAnchor, putAnchor } from './retention.store.ts'

/** Says that an account was removed, or that the relationship for which a target stands is over: from now on. Or that it is not after all. */
export async function sayAnchor(
  { audit, keeper, now }: RetentionDeps,
  by: WithCode,
  { anchor, subject, state, reason }: Pick<AnchorRow, 'anchor' | 'state' | 'reason'> & { subject: string },
): Promise<Result<void, RetentionError>> {
  return await audit.act<void, RetentionError>(
    { act: 'retention.say_anchor', by: by.person, about: { subject } },
    async ({ tx, record }) => {
      const kind = anchor === 'account_removed' ? 'account' : 'target'
      if (!(await isThere(tx, kind, subject))) return fail({ code: 'retention.subject_unknown', kind, subject })
      const id = anchorId(anchor, subject)
      const before = await lockAnchor(tx, id)
      if ((before?.state ?? 'open') === state) return fail({ code: 'retention.said_before', state })
      const row = {
        id,
        anchor,
        subject_id: subject,
        closed_at: now(),
        closed_by: by.person,
        reason,
        state,
        revision: (before?.revision ?? 0) + 1,
      }
      const attested = await attest(keeper, [{ kind: 'retention_anchor', revision: row.revision, row }], { by: 'stepUp', ...by })
      if (!attested.ok) return attested
      await putAnchor(tx, row, attested.value.macOf(id))
      await record(anchorSaid({ anchor, subject, state, reason }), attested.value.attestations)
      return ok(undefined)
    },
  )
}
