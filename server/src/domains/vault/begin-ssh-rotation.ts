import { attest } from '../../keeper/attest-rows.ts'
import type { PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { VaultError } from './errors.ts'
import { sshRotationBegun } from './events.ts'
import { forgetTries, lockSshRotation, putSshRotation, type SshRotationRow } from './ssh-rotation.store.ts'
import type { TrustDeps } from './trust-authority.ts'

/** There is one for the whole installation. The keeper knows it by this id, too. */
const id = 'shr_0000000000'

/** Begins to replace the SSH authority. The rest goes on by itself: run-ssh-rotation.ts. */
export async function beginSshRotation(
  { audit, keeper, now }: TrustDeps,
  by: { person: PersonId; code: string },
): Promise<Result<void, VaultError>> {
  return await audit.act<void, VaultError>({ act: 'vault.rotate_ssh_authority', by: by.person }, async ({ tx, record }) => {
    const before = await lockSshRotation(tx)
    if (before && before.step !== 'done') return fail({ code: 'vault.ssh_rotating' })
    const authority = await keeper.ask('sshAuthority', {})
    if (!authority.ok) return authority
    const old = authority.value.versions.find((v) => v.state === 'current')?.version ?? 0
    const row: SshRotationRow = {
      ...{ id, step: 'telling', old_version: old, new_version: authority.value.next, left_out: [] },
      ...{ begun_by: by.person, revision: (before?.revision ?? 0) + 1 },
    }
    const attested = await attest(keeper, [{ kind: 'ssh_rotation', revision: row.revision, row: { ...row } }], { by: 'stepUp', ...by })
    if (!attested.ok) return attested
    await putSshRotation(tx, row, attested.value.macOf(id), now(), now())
    await forgetTries(tx)
    await record(sshRotationBegun({ old, authority: row.new_version }), attested.value.attestations)
    return ok(undefined)
  })
}
