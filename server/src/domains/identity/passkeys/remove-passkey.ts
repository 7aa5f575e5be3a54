import { attest } from '../../../keeper/attest-rows.ts'
import type { Keeper } from '../../../keeper/client.ts'
import type { PasskeyId, PersonId } from '../../../kernel/id.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import type { Audit } from '../../audit/index.ts'
import type { IdentityError } from '../errors.ts'
import { passkeyRemoved } from '../events.ts'
import { lockPasskey, markPasskeyRemoved, removedPasskey } from './passkeys.store.ts'

/** Takes a passkey out of use, for its owner with a fresh factor. The authenticator stays: nobody is ever without a second factor. */
export async function removePasskey(
  { audit, keeper }: { audit: Audit; keeper: Keeper },
  { passkey: id, by, code }: { passkey: PasskeyId; by: PersonId; code: string },
): Promise<Result<void, IdentityError>> {
  return await audit.act<void, IdentityError>({ act: 'identity.remove_passkey', by, about: { passkey: id } }, async ({ tx, record }) => {
    const passkey = await lockPasskey(tx, id)
    // somebody else's is unknown, not forbidden: who has which is not told
    if (!passkey || passkey.person_id !== by || passkey.state !== 'active') return fail({ code: 'identity.passkey_unknown' })
    const attested = await attest(keeper, [removedPasskey(passkey)], { by: 'stepUp', person: by, code })
    if (!attested.ok) return attested
    await markPasskeyRemoved(tx, passkey, attested.value.macOf)
    await record(passkeyRemoved({ passkey: id }), attested.value.attestations)
    return ok(undefined)
  })
}
