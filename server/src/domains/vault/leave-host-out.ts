import { attest } from '../../keeper/attest-rows.ts'
import type { PersonId, TargetId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { VaultError } from './errors.ts'
import { sshHostLeftOut } from './events.ts'
import { lockTrust } from './ssh-authority.store.ts'
import { lockSshRotation, putSshRotation } from './ssh-rotation.store.ts'
import type { TrustDeps } from './trust-authority.ts'

/** An officer has the rotation of the SSH authority not wait for a host. What it trusts stays there: sessions by certificate do not open it until it is told. */
export async function leaveHostOut(
  { audit, keeper, now }: TrustDeps,
  by: { person: PersonId; code: string },
  { target, reason }: { target: TargetId; reason: string },
): Promise<Result<void, VaultError>> {
  const about = { target }
  return await audit.act<void, VaultError>({ act: 'vault.leave_host_out', by: by.person, about }, async ({ tx, record }) => {
    const before = await lockSshRotation(tx)
    if (!before || before.step === 'done') return fail({ code: 'vault.ssh_not_rotating' })
    const host = await lockTrust(tx, target)
    if (host?.state !== 'trusts') return fail({ code: 'vault.not_a_host', target })
    if (before.left_out.some((one) => one.target === target)) return fail({ code: 'vault.left_out_already', target })
    const leftOut = [...before.left_out, { target, reason, by: by.person }]
    const row = { ...before, left_out: leftOut, revision: before.revision + 1 }
    const attested = await attest(keeper, [{ kind: 'ssh_rotation', revision: row.revision, row: { ...row } }], { by: 'stepUp', ...by })
    if (!attested.ok) return attested
    await putSshRotation(tx, row, attested.value.macOf(row.id), now())
    await record(sshHostLeftOut({ target, reason }), attested.value.attestations)
    return ok(undefined)
  })
}
