import { attest } from '../../keeper/attest-rows.ts'
import type { Authority } from '../../keeper/contract.ts'
import type { AccountId, DependentId, PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { newId } from '../../platform/crypto/random.ts'
import type { CredentialKind, TellHow } from '../../targets/contract.ts'
import { lockAccount, lockTarget } from '../inventory/index.ts'
import { type DependentRow, hostNamed, insertDependent } from './dependents.store.ts'
import type { DependentDeps } from './deps.ts'
import type { DependentError } from './errors.ts'
import { dependentAdded } from './events.ts'

export interface NewDependent {
  account: AccountId
  credential: CredentialKind
  /** The name of the target on which it lives. */
  host: string
  how: TellHow
}

/** Says what else uses an account's credential, and how it is told. Of an account of tier 0 it waits for another person's word. */
export async function addDependent(
  { audit, keeper, kinds }: DependentDeps,
  by: PersonId,
  authority: Authority,
  { account, credential, host, how }: NewDependent,
): Promise<Result<DependentId, DependentError>> {
  return await audit.act<DependentId, DependentError>({ act: 'dependents.add', by, about: { account } }, async ({ tx, record }) => {
    const used = await lockAccount(tx, account)
    if (!used) return fail({ code: 'dependents.account_unknown', account })
    if (!used.credentials.includes(credential)) return fail({ code: 'dependents.no_credential', account: used.name, credential })
    const on = await lockTarget(tx, used.target_id)
    const named = await hostNamed(tx, host)
    const lives = named && (await lockTarget(tx, named.id))
    if (!on || !lives) return fail({ code: 'dependents.host_unknown', host })
    if (!kinds.capabilities(lives.kind).includes('tell')) return fail({ code: 'dependents.no_host', host, kind: lives.kind })
    const row: DependentRow = {
      ...{ id: newId('dpd'), account_id: account, credential, host_id: lives.id, settings: how },
      ...{ state: Math.min(used.tier, on.tier) === 0 ? 'proposed' : 'active', introduced_by: by, revision: 1 },
    }
    const attested = await attest(keeper, [{ kind: 'dependent', revision: 1, row: { ...row } }], authority)
    if (!attested.ok) return attested
    await insertDependent(tx, row, attested.value.macOf(row.id))
    const event = { dependent: row.id, account, target: lives.id, credential, state: row.state, how: JSON.stringify(how) }
    await record(dependentAdded(event), attested.value.attestations)
    return ok(row.id)
  })
}
