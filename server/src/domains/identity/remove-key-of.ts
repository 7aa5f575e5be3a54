import { attest } from '../../keeper/attest-rows.ts'
import type { SshKeyId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { ChangePersonDeps, PersonChange } from './change-person.ts'
import type { IdentityError } from './errors.ts'
import { othersKeyRemoved } from './events.ts'
import { lockPerson, lockSshKey, markSshKeyRemoved } from './people.store.ts'
import type { Person } from './rules.ts'
import { tellGuards } from './tell-guards.ts'

/** An administrator takes one key of somebody out of use: a lost laptop, a key that is known to others. All else of theirs stays. */
export async function removeKeyOf(
  { audit, keeper }: ChangePersonDeps,
  { person, by, code, key, reason }: PersonChange & { key: SshKeyId; reason: string },
): Promise<Result<Person, IdentityError>> {
  return await audit.act<Person, IdentityError>({ act: 'identity.remove_key_of', by, about: { person, key } }, async (act) => {
    const owner = await lockPerson(act.tx, person)
    if (!owner) return fail({ code: 'identity.person_unknown', person })
    const held = await lockSshKey(act.tx, key)
    if (held?.person_id !== person || held.state !== 'active') return fail({ code: 'identity.ssh_key_unknown' })
    const revision = held.revision + 1
    const rows = [{ kind: 'ssh_key' as const, revision, row: { ...held, state: 'removed' } }]
    const attested = await attest(keeper, rows, { by: 'stepUp', person: by, code })
    if (!attested.ok) return attested
    await markSshKeyRemoved(act.tx, key, revision, attested.value.macOf)
    await act.record(othersKeyRemoved({ person, key, fingerprint: held.fingerprint, reason }), attested.value.attestations)
    await tellGuards(act, owner, 'key_removed')
    const { revision: _, ...known } = owner
    return ok(known)
  })
}
