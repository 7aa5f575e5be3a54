import { attest } from '../../keeper/attest-rows.ts'
import type { Attestation } from '../../keeper/facts/fact.ts'
import { ok, type Result } from '../../kernel/result.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import { lockAccount, updateAccount } from '../inventory/index.ts'
import type { RotateDeps, Rotated } from './deps.ts'
import type { RotationError } from './errors.ts'
import { forgetSent } from './health.store.ts'

/** The target was seen not to ask for it: the account has one thing less, and goes on with what people brought in. */
export async function leaveOutCredential(
  { keeper }: Pick<RotateDeps, 'keeper'>,
  tx: Tx,
  { account, credential }: Pick<Rotated, 'account' | 'credential'>,
): Promise<Result<readonly Attestation[], RotationError>> {
  const row = await lockAccount(tx, account.id)
  if (!row?.credentials.includes(credential)) return ok([])
  const left = { ...row, credentials: row.credentials.filter((kind) => kind !== credential), revision: row.revision + 1 }
  const attested = await attest(keeper, [{ kind: 'account', revision: left.revision, row: { ...left } }], { by: 'system' })
  if (!attested.ok) return attested
  await updateAccount(tx, left, attested.value.macOf(account.id))
  await forgetSent(tx, account.id, credential)
  return ok(attested.value.attestations)
}
