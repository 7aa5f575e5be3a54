import { ok, type Result } from '../../kernel/result.ts'
import { type ChangePersonDeps, changePerson, nothingElse, type PersonChange, wrongState } from './change-person.ts'
import type { IdentityError } from './errors.ts'
import { personConfirmed } from './events.ts'
import type { Person } from './rules.ts'

/** The second person's word that this is who they say, and that their groups are right. Whoever invited them cannot give it. */
export async function confirmPerson(deps: ChangePersonDeps, change: PersonChange): Promise<Result<Person, IdentityError>> {
  return await changePerson(
    deps,
    { act: 'identity.confirm_person' },
    change,
    (before) => (before.state === 'unconfirmed' ? ok({ state: 'active', introducedBy: null }) : wrongState(before.state, 'unconfirmed')),
    nothingElse,
    async ({ act, before, after, attestations }) => {
      await act.record(personConfirmed({ person: after.id, introducedBy: before.introducedBy }), attestations)
      return ok(undefined)
    },
  )
}
