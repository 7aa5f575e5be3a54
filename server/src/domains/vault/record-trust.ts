import { attest } from '../../keeper/attest-rows.ts'
import type { Keeper } from '../../keeper/client.ts'
import type { Attestation } from '../../keeper/facts/fact.ts'
import type { TargetId } from '../../kernel/id.ts'
import { ok, type Result } from '../../kernel/result.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import type { VaultError } from './errors.ts'
import { lockTrust, putTrust, type TrustRow } from './ssh-authority.store.ts'

/** The keeper knows the row of a target by this id, too. */
const idOf = (target: TargetId): string => `sht_${target.slice(target.indexOf('_') + 1)}`

/** Writes down what a host was seen to trust. Answers what the entry carries. */
export async function recordTrust(
  { keeper, now }: { keeper: Keeper; now: () => Date },
  tx: Tx,
  target: TargetId,
  { versions, byHand, state }: { versions: number[]; byHand: boolean; state: TrustRow['state'] },
): Promise<Result<Attestation[], VaultError>> {
  const before = await lockTrust(tx, target)
  const revision = (before?.revision ?? 0) + 1
  const row: TrustRow = { id: idOf(target), target_id: target, versions, by_hand: byHand, state, revision }
  const attested = await attest(keeper, [{ kind: 'ssh_trust', revision, row: { ...row } }], { by: 'system' })
  if (!attested.ok) return attested
  await putTrust(tx, row, attested.value.macOf(row.id), now())
  return ok(attested.value.attestations)
}
