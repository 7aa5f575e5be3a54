import { ok } from '../../kernel/result.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import { refuse } from '../refuse.ts'
import type { Handler } from './handler.ts'

/**
 * A connection at a door, whose link was confirmed. Whose it is, and that they gave a code for exactly this connection, follows from what we attested and from
 * nothing that the door or the console says.
 */
export const presenceByLink: Handler<'presenceByLink'> = async ({ context, args, payload }) => {
  const found = await context.facts.find('sign_in_confirmation', args.link)
  if (!found.ok) return found
  if (!found.value) return refuse('link.not_confirmed', 'This link was not confirmed. Connect again.')
  const { content } = found.value
  const connection = await payload.use('recognise', (bytes) => sha256(bytes).toString('hex'))
  const same = (['who', 'account', 'target', 'source', 'number'] as const).every((column) => content[column] === args[column])
  if (!same || content.connection !== connection)
    return refuse('link.other_connection', 'What was confirmed is another connection than this one. Connect again.')
  const person = await context.facts.read('person', String(content.person_id))
  if (!person.ok) return person
  if (person.value.content.state !== 'active') return refuse('factor.person_not_active', 'This person is not active. Ask an administrator.')
  const stillTheirs = person.value.revision === content.person_revision && person.value.content.name === content.who
  const at = new Date(String(content.confirmed_at))
  if (!stillTheirs || content.epoch !== context.identity.epoch || !context.usedLinks.take(args.link, at))
    return refuse('link.over', 'This link has let somebody in already, or is too old. Connect again.')
  return ok({
    ...context.presences.give({ person: String(content.person_id), revision: person.value.revision }, { shown: at }),
    person: String(content.person_id),
  })
}
