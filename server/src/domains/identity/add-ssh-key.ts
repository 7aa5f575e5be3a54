import { attest } from '../../keeper/attest-rows.ts'
import type { Keeper } from '../../keeper/client.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Audit } from '../audit/index.ts'
import type { IdentityError } from './errors.ts'
import { sshKeyAdded } from './events.ts'
import type { ShownSshKey } from './identity.view.ts'
import { fingerprintInUse, insertSshKey } from './people.store.ts'
import { newSshKeyRow, readSshKey } from './read-ssh-key.ts'

export interface NewSshKey {
  publicKey: string
  label: string
  /** Fresh, of the owner. */
  code: string
  by: PersonId
}

/** Adds a key with which its owner comes through the SSH gateway. A key belongs to one person: a shared one would be nobody's. */
export async function addSshKey(
  { audit, keeper, clock }: { audit: Audit; keeper: Keeper; clock: Clock },
  { publicKey, label, code, by }: NewSshKey,
): Promise<Result<ShownSshKey, IdentityError>> {
  const read = readSshKey(publicKey)
  if (!read.ok) return read
  const key = newSshKeyRow(by, label, read.value)
  const about = { fingerprint: key.fingerprint }
  return await audit.act<ShownSshKey, IdentityError>({ act: 'identity.add_ssh_key', by, about }, async ({ tx, record }) => {
    // before the code is spent; the unique index decides between two at once
    if (await fingerprintInUse(tx, key.fingerprint)) return fail({ code: 'identity.ssh_key_taken' })
    const attested = await attest(keeper, [{ kind: 'ssh_key', revision: 1, row: { ...key } }], { by: 'stepUp', person: by, code })
    if (!attested.ok) return attested
    await insertSshKey(tx, key, attested.value.macOf)
    await record(sshKeyAdded({ key: key.id, fingerprint: key.fingerprint, label }), attested.value.attestations)
    return ok({ id: key.id, label, fingerprint: key.fingerprint, createdAt: clock.now() })
  })
}
