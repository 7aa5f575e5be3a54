import { attest } from '../../keeper/attest-rows.ts'
import type { Keeper } from '../../keeper/client.ts'
import type { KeeperRefusal } from '../../keeper/contract.ts'
import type { Attestation } from '../../keeper/facts/fact.ts'
import type { CredentialKind } from '../../kernel/credential-kinds.ts'
import type { AccountId } from '../../kernel/id.ts'
import { ok, type Result } from '../../kernel/result.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import { lockAccount, updateAccount } from '../inventory/index.ts'

/**
 * What an account becomes once the vault has what was brought in for it: it has a credential of that kind, and is managed. Together with the outcome and never
 * before, or a certificate that its target refused would leave an account that says so, with nothing in the vault.
 */
export async function becomeManaged(
  keeper: Keeper,
  tx: Tx,
  { account, credential }: { account: AccountId; credential: CredentialKind },
): Promise<Result<readonly Attestation[], KeeperRefusal>> {
  const row = await lockAccount(tx, account)
  if (!row) return ok([])
  const credentials = [...new Set([...row.credentials, credential])].sort()
  // what was held, or is observed, since this began stays so: that is not for us to end
  const state = row.state === 'found' && row.observed_since === null ? 'managed' : row.state
  if (state === row.state && credentials.length === row.credentials.length) return ok([])
  const after = { ...row, state, credentials, revision: row.revision + 1 }
  const attested = await attest(keeper, [{ kind: 'account', revision: after.revision, row: { ...after } }], { by: 'system' })
  if (!attested.ok) return attested
  await updateAccount(tx, after, attested.value.macOf(account))
  return ok(attested.value.attestations)
}
