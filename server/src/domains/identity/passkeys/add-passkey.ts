import { attest } from '../../../keeper/attest-rows.ts'
import type { Keeper } from '../../../keeper/client.ts'
import type { PasskeyId, PersonId } from '../../../kernel/id.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import { newId } from '../../../platform/crypto/random.ts'
import type { Audit } from '../../audit/index.ts'
import type { IdentityError } from '../errors.ts'
import { passkeyAdded } from '../events.ts'
import type { BeginPasskeyDeps } from './begin-passkey.ts'
import { credentialInUse, insertPasskey, type PasskeyRow } from './passkeys.store.ts'
import type { ListedPasskey } from './passkeys.view.ts'
import type { MadeCredential } from './read-registration.ts'

export interface NewPasskey {
  credential: MadeCredential
  label: string
  /** Fresh, of the owner. */
  code: string
  by: PersonId
}

/** Adds a passkey of one's own. A second factor that is shown now stands behind it, and the keeper keeps the public key by which it will know it. */
export async function addPasskey(
  deps: BeginPasskeyDeps & { audit: Audit; keeper: Keeper },
  { credential, label, code, by }: NewPasskey,
): Promise<Result<ListedPasskey, IdentityError>> {
  const { audit, keeper, clock, passkeySite: site, begun } = deps
  if (!site) return fail({ code: 'identity.no_passkeys_here' })
  const challenge = begun.get(by, clock.now())
  if (challenge === undefined) return fail({ code: 'identity.passkey_not_begun' })
  // what reads it is 250 modules, for which no process waits at its start
  const { readRegistration } = await import('./read-registration.ts')
  const read = await readRegistration(credential, site, challenge)
  if (!read.ok) return read
  const { algorithm, publicKey } = read.value
  const row: PasskeyRow = {
    ...{ id: newId('pky') as PasskeyId, person_id: by, label, credential_id: read.value.credential },
    ...{ algorithm, public_key: publicKey, rp_id: site.rpId, state: 'active' },
  }
  const added = await audit.act<ListedPasskey, IdentityError>({ act: 'identity.add_passkey', by }, async ({ tx, record }) => {
    // before the code is spent; the unique index decides between two at once
    if (await credentialInUse(tx, row.credential_id)) return fail({ code: 'identity.passkey_taken' })
    const attested = await attest(keeper, [{ kind: 'passkey', revision: 1, row: { ...row } }], { by: 'stepUp', person: by, code })
    if (!attested.ok) return attested
    await insertPasskey(tx, row, attested.value.macOf)
    await record(passkeyAdded({ passkey: row.id, algorithm, label }), attested.value.attestations)
    return ok({ id: row.id, label, createdAt: clock.now() })
  })
  if (added.ok) begun.drop(by)
  return added
}
