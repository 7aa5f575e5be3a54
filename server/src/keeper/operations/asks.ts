import type { Plain } from '../../kernel/canonical.ts'
import { ok, type Result } from '../../kernel/result.ts'
import { randomSecretBytes } from '../../platform/crypto/random.ts'
import type { KeeperContext } from '../context.ts'
import type { KeeperRefusal } from '../contract.ts'
import { type AskedText, askDigest, seesAsk } from '../facts/session-ask.ts'
import { whoIsPresent } from '../people/who-is-present.ts'
import { refuse } from '../refuse.ts'
import { askKey, openAskedText, sealAskedText } from '../vault/asked-texts.ts'
import { recordingDestroyed } from '../vault/vault.ts'
import type { Handler } from './handler.ts'

/** Nothing follows from it: whether it may be asked is looked at when the row is attested. */
export const sealAsked: Handler<'sealAsked'> = async ({ context, args }) => {
  const session = await context.facts.read('session', args.session)
  if (!session.ok) return session
  const { person_id, account_id, recording_id } = session.value.content
  const key = await askKey(context.vault, String(recording_id))
  if (!key.ok) return key
  const asker = { id: args.id, session_id: args.session, person_id: person_id as Plain, account_id: account_id as Plain }
  const asked: AskedText = { act: args.act as AskedText['act'], salt: randomSecretBytes(32).toString('hex') }
  const sealed = sealAskedText(key.value, String(recording_id), args.id, asked)
  key.value.fill(0)
  return ok({ sealed: sealed.toString('base64'), digest: askDigest(asker, asked) })
}

/** Each is looked at alone: one that somebody altered is no reason to show nobody the others. */
export const openAsked: Handler<'openAsked'> = async ({ context, args }) => {
  const present = await whoIsPresent(context, args.presence)
  if (!present.ok) return present
  const who = { person: present.value.person, groups: present.value.content.groups as string[] }
  const asks = await Promise.all(
    args.asks.map(async (id) => {
      const read = await readAsk(context, who, id)
      return read.ok ? { id, ...read.value } : { id, code: read.error.code }
    }),
  )
  return ok({ asks: asks as never })
}

async function readAsk(
  { facts, vault, destroyedRecording }: Pick<KeeperContext, 'facts' | 'vault' | 'destroyedRecording'>,
  who: Parameters<typeof seesAsk>[0],
  id: string,
): Promise<Result<AskedText, KeeperRefusal>> {
  const row = await facts.read('session_ask', id)
  if (!row.ok) return row
  const ask = row.value.content
  if (!seesAsk(who, ask)) return refuse('session.ask_not_yours', 'What is asked in sessions of others is read by approvers and officers.')
  const session = await facts.read('session', String(ask.session_id))
  if (!session.ok) return session
  const recording = String(session.value.content.recording_id)
  const destroyed = await destroyedRecording(recording)
  if (!destroyed.ok) return destroyed
  if (destroyed.value !== undefined) return recordingDestroyed(recording, destroyed.value)
  const key = await askKey(vault, recording)
  if (!key.ok) return key
  const text = openAskedText(key.value, recording, ask)
  key.value.fill(0)
  return text
}
