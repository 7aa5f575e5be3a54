import { ok, type Result } from '../../kernel/result.ts'
import { type ChangePersonDeps, changePerson, nothingElse, type PersonChange } from './change-person.ts'
import type { IdentityError } from './errors.ts'
import { groupsJoined } from './events.ts'
import { anotherCouldConfirm } from './people.store.ts'
import { type Group, type Person, standing, takesTwo } from './rules.ts'
import { endSignInsOf } from './sign-in.store.ts'
import { tellGuards } from './tell-guards.ts'

/**
 * Puts somebody into more groups. Into one that decides or administers only until a second person confirms it: meanwhile nothing
 * opens for them, as with somebody new. They sign in again, since what was given out says the groups that they were in.
 */
export async function joinGroups(
  deps: ChangePersonDeps,
  change: PersonChange & { groups: readonly Group[] },
): Promise<Result<Person, IdentityError>> {
  return await changePerson(
    deps,
    { act: 'identity.join_groups' },
    change,
    async (before, { tx }) => {
      const gained = change.groups.filter((g) => !before.groups.includes(g))
      const groups = [...new Set([...before.groups, ...gained])].sort()
      const asks = takesTwo(gained) && (await anotherCouldConfirm(tx, change.by, change.person))
      return ok(asks ? { groups, introducedBy: change.by, state: standing({ introducedBy: change.by }) } : { groups })
    },
    nothingElse,
    async ({ act, after, before, attestations }) => {
      const joined = after.groups.filter((g) => !before.groups.includes(g))
      await endSignInsOf(act.tx, after.id, deps.clock.now())
      await act.record(groupsJoined({ person: after.id, joined, groups: [...after.groups], state: after.state }), attestations)
      await tellGuards(act, after, 'groups_joined', joined)
      return ok(undefined)
    },
  )
}
