import type { Act } from '../audit/index.ts'
import { guardChanged } from './events.ts'
import { type Group, type Person, takesTwo } from './rules.ts'

/**
 * Alarms when one administrator changes somebody who decides or administers: it is how such a person would be replaced by another, and
 * the others should know of it at once. `about`: the groups that it concerns, when not all of theirs.
 */
export async function tellGuards(
  act: Act,
  person: Pick<Person, 'id' | 'groups'>,
  what: 'reset' | 'authenticator_removed' | 'key_removed' | 'passkey_removed' | 'groups_left' | 'groups_joined',
  about: readonly Group[] = person.groups,
): Promise<void> {
  if (takesTwo(about)) await act.record(guardChanged({ person: person.id, what, groups: [...about] }), [], { phase: 'alarm' })
}
