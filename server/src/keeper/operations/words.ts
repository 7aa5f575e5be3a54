import { ok } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import { whoIsPresent } from '../people/who-is-present.ts'
import { refuse } from '../refuse.ts'
import { tokensOf, wordKey, wordKeysBetween } from '../vault/word-keys.ts'
import { countOpening } from '../vault/words.store.ts'
import type { Handler } from './handler.ts'

/** A server that dies while it reads one begins anew; more often than this nobody has to. */
const mostOpenings = 5

/** For its words: nobody sees it. The ledger says so before, and it happens a few times for a recording, not whenever somebody likes. */
export const openRecordingForWords: Handler<'openRecordingForWords'> = async ({ context, args }) => {
  const read = (await context.notary.whenSigned(args.intent, 5_000)) ? context.notary.signedEntry(args.intent) : undefined
  if (read?.act !== 'recording.indexing' || read.fields.recording !== args.recording || read.by !== null)
    return refuse('keeper.no_intent', 'The ledger does not say that this recording is read for its words. Try again.')
  if (!(await countOpening(context.pool, args.recording, mostOpenings)))
    return refuse('recording.read_often', 'This recording was read for its words often enough: it stays out of the search.')
  const opened = await context.vault.openState({ kind: 'recording', id: args.recording, what: 'data-key' }, 'current')
  if (!opened.ok) return opened
  context.openedForWords.begin(args.recording)
  return ok({ done: true as const, payload: opened.value.secret })
}

export const hashWords: Handler<'hashWords'> = async ({ context, args: { recording, month, words } }) => {
  const keys = context.openedForWords.take(recording, words.length)
  if (!keys) return refuse('keeper.no_intent', 'Words are hashed of recordings that were opened for it. Begin again.')
  const known = keys.get(month)
  const key = known ? ok(known) : await wordKey(context.vault, month)
  if (!key.ok) return key
  keys.set(month, key.value)
  return ok({ done: true as const, payload: new Secret(tokensOf(key.value, words)) })
}

/** For a viewer who is there, whose right and whose search are in the ledger: security and auditors, as with what they find. */
export const hashSearch: Handler<'hashSearch'> = async ({ context, args }) => {
  const present = await whoIsPresent(context, args.presence)
  if (!present.ok) return present
  const groups = present.value.content.groups as string[]
  if (!groups.some((g) => g === 'security' || g === 'auditors'))
    return refuse('recording.not_a_viewer', 'Recordings are searched by security and auditors.')
  const searched = (await context.notary.whenSigned(args.intent, 5_000)) ? context.notary.signedEntry(args.intent) : undefined
  if (searched?.act !== 'session.searched' || searched.by !== present.value.person)
    return refuse('keeper.no_intent', 'The ledger does not say that you search. Try again.')
  const keys = await wordKeysBetween(context, args.since, args.until)
  if (!keys.ok) return keys
  const tokens = keys.value.map(({ key }) => tokensOf(key, args.words))
  return ok({ months: keys.value.map(({ month }) => month), payload: new Secret(Buffer.concat(tokens)) })
}
