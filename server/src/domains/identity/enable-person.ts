import { ok, type Result } from '../../kernel/result.ts'
import { type ChangePersonDeps, changePerson, nothingElse, type PersonChange, wrongState } from './change-person.ts'
import type { IdentityError } from './errors.ts'
import { personEnabled } from './events.ts'
import { type Person, standing } from './rules.ts'

/** Lets somebody in again with the factors that they had. Nothing that was ended comes back: they sign in anew. */
export async function enablePerson(deps: ChangePersonDeps, change: PersonChange): Promise<Result<Person, IdentityError>> {
  return await changePerson(
    deps,
    { act: 'identity.enable_person' },
    change,
    (before) => (before.state === 'disabled' ? ok({ state: standing(before) }) : wrongState(before.state, 'disabled')),
    nothingElse,
    async ({ act, after, attestations }) => {
      await act.record(personEnabled({ person: after.id, state: after.state }), attestations)
      return ok(undefined)
    },
  )
}
