import { attest } from '../../keeper/attest-rows.ts'
import type { PasswordPolicyId, PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { PasswordPolicyDeps } from './add-password-policy.ts'
import type { VaultError } from './errors.ts'
import { passwordPolicyChanged } from './events.ts'
import { lockPolicy, type PasswordPolicyRow, updatePolicy } from './password-policy.store.ts'

const changeable = ['length', 'classes', 'excluded', 'exception', 'max_age_days', 'state'] as const
export type PasswordPolicyChange = Partial<Pick<PasswordPolicyRow, (typeof changeable)[number]>>

/** Changes what is demanded, or retires it. Passwords that are there stay as they are until they are replaced. */
export async function changePasswordPolicy(
  { audit, keeper }: PasswordPolicyDeps,
  by: { person: PersonId; code: string },
  id: PasswordPolicyId,
  change: PasswordPolicyChange,
): Promise<Result<void, VaultError>> {
  return await audit.act<void, VaultError>(
    { act: 'vault.change_password_policy', by: by.person, about: { policy: id } },
    async ({ tx, record }) => {
      const before = await lockPolicy(tx, id)
      if (!before) return fail({ code: 'vault.policy_unknown', policy: id })
      const after: PasswordPolicyRow = { ...before, ...change, revision: before.revision + 1 }
      const changed = changeable.filter((k) => JSON.stringify(before[k]) !== JSON.stringify(after[k]))
      if (changed.length === 0) return fail({ code: 'vault.policy_same' })
      const attested = await attest(keeper, [{ kind: 'password_policy', revision: after.revision, row: { ...after } }], {
        by: 'stepUp',
        ...by,
      })
      if (!attested.ok) return attested
      await updatePolicy(tx, after, attested.value.macOf(id))
      const { length, classes, excluded, max_age_days, state } = after
      const event = passwordPolicyChanged({ policy: id, changed, length, classes, excluded, maxAgeDays: max_age_days, state })
      await record(event, attested.value.attestations)
      return ok(undefined)
    },
  )
}
