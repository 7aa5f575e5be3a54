import { attest } from '../../keeper/attest-rows.ts'
import type { AccountId, PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { lockAccount, updateAccount } from '../inventory/index.ts'
import type { VaultError } from './errors.ts'
import { loginChanged } from './events.ts'
import { readTrust } from './ssh-authority.store.ts'
import type { TrustDeps } from './trust-authority.ts'

/** Has sessions log in to an account by certificate, once its target was seen to trust the authority; or with what the vault keeps of it again. */
export async function changeLogin(
  { audit, keeper }: TrustDeps,
  id: AccountId,
  by: { person: PersonId; code: string },
  login: 'certificate' | 'stored',
): Promise<Result<void, VaultError>> {
  return await audit.act<void, VaultError>({ act: 'vault.change_login', by: by.person, about: { account: id } }, async ({ tx, record }) => {
    const before = await lockAccount(tx, id)
    if (!before) return fail({ code: 'vault.account_unknown', account: id })
    const row = { ...before, login: login === 'certificate' ? ('certificate' as const) : null, revision: before.revision + 1 }
    if (row.login === before.login) return fail({ code: 'vault.login_same', login })
    if (row.login && !(await readTrust(tx, row.target_id))) return fail({ code: 'vault.trust_first', account: row.name })
    const attested = await attest(keeper, [{ kind: 'account', revision: row.revision, row: { ...row } }], { by: 'stepUp', ...by })
    if (!attested.ok) return attested
    await updateAccount(tx, row, attested.value.macOf(id))
    await record(loginChanged({ account: id, login }), attested.value.attestations)
    return ok(undefined)
  })
}
