import { attest } from '../../keeper/attest-rows.ts'
import type { Keeper } from '../../keeper/client.ts'
import type { PasswordPolicyId, PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { newId } from '../../platform/crypto/random.ts'
import type { Audit } from '../audit/index.ts'
import type { VaultError } from './errors.ts'
import { passwordPolicyAdded } from './events.ts'
import { insertPolicy, type PasswordPolicyRow, policyNamed, targetIsThere } from './password-policy.store.ts'

export interface PasswordPolicyDeps {
  audit: Audit
  keeper: Keeper
}
export type NewPasswordPolicy = Omit<PasswordPolicyRow, 'id' | 'state' | 'revision'>

/** Demands something of passwords, or excepts a target from it. Whether it is enough, the keeper says. */
export async function addPasswordPolicy(
  { audit, keeper }: PasswordPolicyDeps,
  by: { person: PersonId; code: string },
  given: NewPasswordPolicy,
): Promise<Result<PasswordPolicyId, VaultError>> {
  return await audit.act<PasswordPolicyId, VaultError>({ act: 'vault.add_password_policy', by: by.person }, async ({ tx, record }) => {
    if (await policyNamed(tx, given.name)) return fail({ code: 'vault.policy_name_taken', name: given.name })
    if (given.target_id !== null && !(await targetIsThere(tx, given.target_id)))
      return fail({ code: 'vault.target_unknown', target: given.target_id })
    const row: PasswordPolicyRow = { ...given, id: newId('pwp'), state: 'active', revision: 1 }
    const attested = await attest(keeper, [{ kind: 'password_policy', revision: 1, row: { ...row } }], { by: 'stepUp', ...by })
    if (!attested.ok) return attested
    await insertPolicy(tx, row, attested.value.macOf(row.id))
    const { id, name, tier, kind, target_id, length, classes, excluded, exception, max_age_days } = row
    const event = passwordPolicyAdded({
      ...{ policy: id, name, tier, kind, target: target_id, length, classes, excluded, exception },
      maxAgeDays: max_age_days,
    })
    await record(event, attested.value.attestations)
    return ok(id)
  })
}
