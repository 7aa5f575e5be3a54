import { attest } from '../../../keeper/attest-rows.ts'
import type { PasskeyId } from '../../../kernel/id.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import type { ChangePersonDeps, PersonChange } from '../change-person.ts'
import type { IdentityError } from '../errors.ts'
import { othersPasskeyRemoved } from '../events.ts'
import { lockPerson } from '../people.store.ts'
import type { Person } from '../rules.ts'
import { tellGuards } from '../tell-guards.ts'
import { lockPasskey, markPasskeyRemoved, removedPasskey } from './passkeys.store.ts'

/** An administrator takes one passkey of somebody out of use: a lost token, a stolen laptop. All else of theirs stays. */
export async function removePasskeyOf(
  { audit, keeper }: ChangePersonDeps,
  { person, by, code, passkey: id, reason }: PersonChange & { passkey: PasskeyId; reason: string },
): Promise<Result<Person, IdentityError>> {
  const about = { person, passkey: id }
  return await audit.act<Person, IdentityError>({ act: 'identity.remove_passkey_of', by, about }, async (act) => {
    const owner = await lockPerson(act.tx, person)
    if (!owner) return fail({ code: 'identity.person_unknown', person })
    const passkey = await lockPasskey(act.tx, id)
    if (passkey?.person_id !== person || passkey.state !== 'active') return fail({ code: 'identity.passkey_unknown' })
    const attested = await attest(keeper, [removedPasskey(passkey)], { by: 'stepUp', person: by, code })
    if (!attested.ok) return attested
    await markPasskeyRemoved(act.tx, passkey, attested.value.macOf)
    await act.record(othersPasskeyRemoved({ person, passkey: id, reason }), attested.value.attestations)
    await tellGuards(act, owner, 'passkey_removed')
    const { revision: _, ...known } = owner
    return ok(known)
  })
}
