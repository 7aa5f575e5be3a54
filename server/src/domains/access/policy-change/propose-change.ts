import { attest } from '../../../keeper/attest-rows.ts'
import type { Keeper } from '../../../keeper/client.ts'
import type { PolicyEdit } from '../../../keeper/facts/policy-change.ts'
import type { PersonId, PolicyChangeId } from '../../../kernel/id.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import { newId } from '../../../platform/crypto/random.ts'
import type { Db } from '../../../platform/db/open-db.ts'
import type { Audit } from '../../audit/index.ts'
import { explainPolicy, type PolicyEngine } from '../../policy/index.ts'
import type { AccessError } from '../errors.ts'
import { changeProposed } from '../events.ts'
import { editsOf, enginesOf, type Wanted } from './edits.ts'
import { type ChangeRow, insertChange } from './policy-change.store.ts'

export interface ChangeDeps {
  db: Db
  audit: Audit
  keeper: Keeper
  now: () => Date
}
export interface WithCode {
  person: PersonId
  code: string
}

/** What a change comes to: each policy as it shall be, and the sets before and after. Refused when the set would not load. */
export async function readChange(
  keeper: Keeper,
  wanted: readonly Wanted[],
): Promise<Result<{ edits: PolicyEdit[]; before: PolicyEngine; after: PolicyEngine }, AccessError>> {
  const answer = await keeper.ask('policies', {})
  if (!answer.ok) return answer
  const { policies } = answer.value
  const forged = policies.find((policy) => policy.forged !== null)
  if (forged) return fail({ code: 'keeper.forged_row', message: `Policy ${forged.name}: ${forged.forged}` })
  const edits = editsOf(policies, wanted)
  if (!edits.ok) return edits
  const engines = enginesOf(policies, edits.value)
  return engines.ok
    ? ok({ edits: edits.value, ...engines.value })
    : fail({ code: 'access.policies_do_not_load', why: explainPolicy(engines.error) })
}

/** Asks for other policies. Nothing changes until somebody else approves it. */
export async function proposeChange(
  { audit, keeper, now }: ChangeDeps,
  by: WithCode,
  { policies, reason }: { policies: readonly Wanted[]; reason: string },
): Promise<Result<{ id: PolicyChangeId }, AccessError>> {
  const read = await readChange(keeper, policies)
  if (!read.ok) return read
  const changes = read.value.edits
  return await audit.act<{ id: PolicyChangeId }, AccessError>(
    { act: 'policy.propose', by: by.person, about: {} },
    async ({ tx, record }) => {
      const id = newId('pch')
      const row: ChangeRow = {
        ...{ id, changes, reason, proposed_by: by.person, proposed_at: now() },
        ...{ state: 'proposed', decided_by: null, revision: 1 },
      }
      const attested = await attest(keeper, [{ kind: 'policy_change', revision: 1, row: { ...row } }], { by: 'stepUp', ...by })
      if (!attested.ok) return attested
      await insertChange(tx, row, attested.value.macOf(id))
      await record(changeProposed({ change: id, policies: changes.map((edit) => edit.name), reason }), attested.value.attestations)
      return ok({ id })
    },
  )
}
