import { attest } from '../../keeper/attest-rows.ts'
import type { PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { DestroyDeps } from './destroy-versions.ts'
import type { VaultError } from './errors.ts'
import { versionPolicyChanged } from './events.ts'
import { lockVersionPolicy, putVersionPolicy, type VersionPolicyRow } from './versions.store.ts'

/** There is one for the whole installation. The keeper knows it by this id, too. */
const id = 'vpl_0000000000'

/** Says how many versions that were replaced are kept and for how long. Turned off, nothing more is destroyed. */
export async function changeVersionPolicy(
  { audit, keeper }: DestroyDeps,
  by: { person: PersonId; code: string },
  given: Pick<VersionPolicyRow, 'keep' | 'days' | 'state'>,
): Promise<Result<void, VaultError>> {
  return await audit.act<void, VaultError>({ act: 'vault.change_version_policy', by: by.person }, async ({ tx, record }) => {
    const before = await lockVersionPolicy(tx)
    const row: VersionPolicyRow = { id, ...given, revision: (before?.revision ?? 0) + 1 }
    if (before && before.keep === row.keep && before.days === row.days && before.state === row.state)
      return fail({ code: 'vault.policy_same' })
    const attested = await attest(keeper, [{ kind: 'version_policy', revision: row.revision, row: { ...row } }], { by: 'stepUp', ...by })
    if (!attested.ok) return attested
    await putVersionPolicy(tx, row, attested.value.macOf(id))
    await record(versionPolicyChanged(given), attested.value.attestations)
    return ok(undefined)
  })
}
