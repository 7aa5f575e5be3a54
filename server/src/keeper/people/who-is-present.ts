import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperContext } from '../context.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { FactContent } from '../facts/fact.ts'
import { refuse } from '../refuse.ts'
import type { Present } from './presence.ts'

/** Who a presence stands for, when they are active and were not disabled, enabled or reset since it was given. */
export async function whoIsPresent(
  { presences, facts }: Pick<KeeperContext, 'presences' | 'facts'>,
  token: string,
): Promise<Result<Present & { content: FactContent }, KeeperRefusal>> {
  const present = presences.check(token)
  if (!present.ok) return present
  const person = await facts.read('person', present.value.person)
  if (!person.ok) return person
  const { content, revision } = person.value
  if (content.state !== 'active') return refuse('factor.person_not_active', 'This person is not active. Ask an administrator.')
  if (revision !== present.value.revision) return refuse('presence.expired', 'Sign in again: this sign-in is older than a change of you.')
  return ok({ ...present.value, content })
}
