import { attest } from '../../keeper/attest-rows.ts'
import type { Keeper } from '../../keeper/client.ts'
import type { PersonId, SshKeyId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Audit } from '../audit/index.ts'
import type { IdentityError } from './errors.ts'
import { sshKeyRemoved } from './events.ts'
import { lockSshKey, markSshKeyRemoved } from './people.store.ts'

export interface RemovedSshKey {
  id: SshKeyId
  by: PersonId
  presence: string
}

/** Takes a key out of use, for its owner. The row stays: the ledger speaks of it. */
export async function removeSshKey(
  { audit, keeper }: { audit: Audit; keeper: Keeper },
  { id, by, presence }: RemovedSshKey,
): Promise<Result<void, IdentityError>> {
  return await audit.act<void, IdentityError>({ act: 'identity.remove_ssh_key', by, about: { key: id } }, async ({ tx, record }) => {
    const key = await lockSshKey(tx, id)
    // somebody else's key is unknown, not forbidden: who has which key is not told
    if (!key || key.person_id !== by || key.state !== 'active') return fail({ code: 'identity.ssh_key_unknown' })
    const revision = key.revision + 1
    const attested = await attest(keeper, [{ kind: 'ssh_key', revision, row: { ...key, state: 'removed' } }], { by: 'presence', presence })
    if (!attested.ok) return attested
    await markSshKeyRemoved(tx, id, revision, attested.value.macOf)
    await record(sshKeyRemoved({ key: id, fingerprint: key.fingerprint }), attested.value.attestations)
    return ok(undefined)
  })
}
