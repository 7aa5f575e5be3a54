import { attest } from '../../keeper/attest-rows.ts'
import type { Keeper } from '../../keeper/client.ts'
import type { Authority } from '../../keeper/contract.ts'
import type { PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { newId } from '../../platform/crypto/random.ts'
import type { Audit } from '../audit/index.ts'
import type { IdentityError } from './errors.ts'
import { personInvited } from './events.ts'
import { anotherCouldConfirm, lockPersonByName, personRow, savePerson } from './people.store.ts'
import { type Group, type Person, takesTwo } from './rules.ts'

export interface InvitePersonDeps {
  audit: Audit
  keeper: Keeper
}
export interface Invitation {
  name: string
  displayName: string
  groups: readonly Group[]
  /** An administrator's fresh code, or the one-time token of the first run. */
  authority: Authority
  by: PersonId | null
}

/**
 * Makes a person who may enrol, and answers the one-time token for it. Inviting somebody again who has not enrolled yet gives a new
 * token: the old one may have been lost, and so may we between the row and the token.
 */
export async function invitePerson(
  deps: InvitePersonDeps,
  invited: Invitation,
): Promise<Result<{ person: Person; enrolmentToken: string }, IdentityError>> {
  const made = await saveInvited(deps, invited)
  if (!made.ok) return made
  const opened = await deps.keeper.ask('openEnrolment', { person: made.value.id, authority: { by: 'system' } })
  return opened.ok ? ok({ person: made.value, enrolmentToken: opened.value.token }) : opened
}

/** The row of an invited person, attested and recorded. */
export async function saveInvited({ audit, keeper }: InvitePersonDeps, invited: Invitation): Promise<Result<Person, IdentityError>> {
  const { name, displayName, authority, by } = invited
  const groups = [...new Set(invited.groups)].sort()
  return await audit.act<Person, IdentityError>({ act: 'identity.invite_person', by }, async ({ tx, record }) => {
    const existing = await lockPersonByName(tx, name)
    if (existing && existing.state !== 'invited') return fail({ code: 'identity.name_taken', name })
    const id = existing?.id ?? newId('per')
    const asksAnother = by !== null && takesTwo(groups) && (await anotherCouldConfirm(tx, by, id))
    const person: Person = { id, name, displayName, groups, state: 'invited', introducedBy: asksAnother ? by : null }
    const revision = (existing?.revision ?? 0) + 1
    const attested = await attest(keeper, [{ kind: 'person', revision, row: personRow(person) }], authority)
    if (!attested.ok) return attested
    await savePerson(tx, person, revision, attested.value.macOf)
    await record(personInvited({ person: person.id, groups, name, displayName }), attested.value.attestations)
    return ok(person)
  })
}
