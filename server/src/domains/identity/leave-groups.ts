import { ok, type Result } from '../../kernel/result.ts'
import { type ChangePersonDeps, changePerson, nothingElse, type PersonChange } from './change-person.ts'
import type { IdentityError } from './errors.ts'
import { groupsLeft } from './events.ts'
import type { Group, Person } from './rules.ts'
import { tellGuards } from './tell-guards.ts'

/** Takes somebody out of groups. They gain none this way: for that they are invited, and where it matters confirmed. */
export async function leaveGroups(
  deps: ChangePersonDeps,
  change: PersonChange & { groups: readonly Group[] },
): Promise<Result<Person, IdentityError>> {
  return await changePerson(
    deps,
    { act: 'identity.leave_groups' },
    change,
    (before) => ok({ groups: before.groups.filter((g) => !change.groups.includes(g)) }),
    nothingElse,
    async ({ act, after, before, attestations }) => {
      const left = before.groups.filter((g) => !after.groups.includes(g))
      await act.record(groupsLeft({ person: after.id, left, groups: [...after.groups] }), attestations)
      await tellGuards(act, after, 'groups_left', left)
      return ok(undefined)
    },
  )
}
