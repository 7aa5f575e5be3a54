import { ok, type Result } from '../../kernel/result.ts'
import { type ChangePersonDeps, changePerson, nothingElse, type PersonChange, wrongState } from './change-person.ts'
import type { IdentityError } from './errors.ts'
import { personDisabled } from './events.ts'
import type { Person } from './rules.ts'
import { endSignInsOf } from './sign-in.store.ts'

/**
 * Shuts somebody out at once: sign-ins end, and what follows is the root's list (grants, sessions). Codes, keys, certificates and
 * presences are refused by the keeper from the moment it attests this, whatever the rest does.
 */
export async function disablePerson(
  deps: ChangePersonDeps,
  change: PersonChange & { reason: string },
): Promise<Result<Person, IdentityError>> {
  const { reason } = change
  return await changePerson(
    deps,
    { act: 'identity.disable_person' },
    change,
    (before) => (before.state === 'disabled' ? wrongState(before.state, 'anything else') : ok({ state: 'disabled' })),
    nothingElse,
    async ({ act, after, attestations }) => {
      const signIns = await endSignInsOf(act.tx, after.id, deps.clock.now())
      await act.record(personDisabled({ person: after.id, signIns, reason }), attestations)
      return await deps.whenPersonStops(act, after.id, `${after.displayName} was disabled`)
    },
  )
}
