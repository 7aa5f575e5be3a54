import { ok } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import { areTwoOfficers } from '../decide/input-opening.ts'
import { viewOver } from '../decide/view.ts'
import { openers } from '../facts/input-opening.ts'
import { whoIsPresent } from '../people/who-is-present.ts'
import { refuse } from '../refuse.ts'
import { dataKey, inputKey } from '../vault/recording-keys.ts'
import { recordingDestroyed } from '../vault/vault.ts'
import type { Handler } from './handler.ts'

/**
 * The second key of a recording, for one showing that two officers' attested rows count and the ledger tells of. Everything is looked at again here:
 * who asks for it decides nothing. Each showing opens once.
 */
export const openUnprovenInput: Handler<'openUnprovenInput'> = async ({ context, args }) => {
  const present = await whoIsPresent(context, args.presence)
  if (!present.ok) return present
  const { person, content } = present.value
  if (!(content.groups as string[]).includes(openers))
    return refuse('recording.not_an_officer', 'What was typed unseen is seen by security officers alone.')
  const row = await context.facts.read('input_opening', args.opening)
  if (!row.ok) return row
  const o = row.value.content
  if (o.shown_to !== person) return refuse('recording.not_of_the_two', 'It is shown to the two officers who opened it, and to nobody else.')
  if (o.state !== 'approved' || o.epoch !== context.identity.epoch || Date.parse(String(o.ends_at)) <= context.now().getTime())
    return refuse('recording.opening_over', 'This opening does not count any more. Ask anew: claviger sessions unproven ask.')
  const two = await areTwoOfficers(viewOver(context.facts, []), o)
  if (!two.ok) return two
  const said = (await context.notary.whenSigned(args.intent, 5_000)) ? context.notary.signedEntry(args.intent) : undefined
  const { fields } = said ?? {}
  if (said?.act !== 'recording.input_showing' || fields?.opening !== args.opening || fields.showing !== o.shown || said.by !== person)
    return refuse('keeper.no_intent', 'The ledger does not say that you look at this. Try again.')
  const recording = String(o.recording_id)
  const destroyed = await context.destroyedRecording(recording)
  if (!destroyed.ok) return destroyed
  if (destroyed.value !== undefined) return recordingDestroyed(recording, destroyed.value)
  if (!context.showings.take(`${args.opening} ${o.shown}`, new Date(String(o.shown_at))))
    return refuse('recording.shown_already', 'This was shown already, or is too old. Look once more with a new code.')
  const viewers = await context.vault.openState(dataKey(recording), 'current')
  if (!viewers.ok) return viewers
  const officers = await context.vault.openState(inputKey(recording), 'current')
  if (!officers.ok) {
    viewers.value.secret.wipe()
    return officers
  }
  const both = new Uint8Array(64)
  await viewers.value.secret.use('seal', (key) => both.set(key))
  await officers.value.secret.use('seal', (key) => both.set(key, 32))
  return ok({ recording, payload: new Secret(both) })
}
