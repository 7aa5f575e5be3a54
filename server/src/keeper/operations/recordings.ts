import { ok } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import { randomSecretBytes } from '../../platform/crypto/random.ts'
import { whoIsPresent } from '../people/who-is-present.ts'
import { refuse } from '../refuse.ts'
import { dataKey, inputKey } from '../vault/recording-keys.ts'
import { systemSeed } from '../vault/system-keys.ts'
import { recordingDestroyed } from '../vault/vault.ts'
import type { Handler } from './handler.ts'

export const createRecording: Handler<'createRecording'> = async ({ context, args }) => {
  const destroyed = await context.destroyedRecording(args.recording)
  if (!destroyed.ok) return destroyed
  if (destroyed.value !== undefined) return recordingDestroyed(args.recording, destroyed.value)
  if (await context.vault.find(dataKey(args.recording), 'current'))
    return refuse('recording.exists', 'This recording has its keys already: a segment that goes on needs a new recording.')
  const keys = randomSecretBytes(64)
  const payload = new Secret(Uint8Array.from(keys))
  await context.vault.put(dataKey(args.recording), 'recordings', new Secret(Uint8Array.from(keys.subarray(0, 32))), { state: 'current' })
  await context.vault.put(inputKey(args.recording), 'officers', new Secret(Uint8Array.from(keys.subarray(32))), { state: 'current' })
  keys.fill(0)
  return ok({ done: true as const, payload })
}

/** So long a viewing goes on without another entry. */
const viewingMs = 8 * 3600_000

/** For a viewer who is there and whose right is in the ledger: security and auditors. */
export const openRecording: Handler<'openRecording'> = async ({ context, args }) => {
  const present = await whoIsPresent(context, args.presence)
  if (!present.ok) return present
  const groups = present.value.content.groups as string[]
  if (!groups.some((g) => g === 'security' || g === 'auditors'))
    return refuse('recording.not_a_viewer', 'Recordings are seen by security and auditors.')
  const viewed = (await context.notary.whenSigned(args.intent, 5_000)) ? context.notary.signedEntry(args.intent) : undefined
  const looksAtIt = viewed?.act === 'recording.viewed' || viewed?.act === 'session.watching'
  if (viewed?.fields.recording !== args.recording || !looksAtIt || viewed.by !== present.value.person)
    return refuse('keeper.no_intent', 'The ledger does not say that you view this. Try again.')
  if (args.how !== undefined && viewed.fields.how !== args.how)
    return refuse('keeper.no_intent', 'The ledger says that you view this in another way. Open it again.')
  if (viewed.act === 'recording.viewed' && viewed.at < context.now().getTime() - viewingMs)
    return refuse('keeper.no_intent', 'You opened this too long ago. Open it again.')
  if (viewed.act === 'session.watching') {
    // whoever could watch themselves would be their own observer
    const watched = await context.facts.read('session', String(viewed.fields.session))
    if (!watched.ok) return watched
    const { recording_id, person_id } = watched.value.content
    if (recording_id !== args.recording || person_id === present.value.person)
      return refuse('recording.own_session', 'Nobody watches a session of their own. Ask another officer or auditor.')
  }
  if (viewed.fields.kind === 'covert' && !groups.includes('security'))
    return refuse('recording.not_an_officer', 'Only security officers watch without the person being told.')
  const destroyed = await context.destroyedRecording(args.recording)
  if (!destroyed.ok) return destroyed
  if (destroyed.value !== undefined && !(await context.vault.find(dataKey(args.recording), 'current')))
    return recordingDestroyed(args.recording, destroyed.value)
  const opened = await context.vault.openState(dataKey(args.recording), 'current')
  return opened.ok ? ok({ done: true as const, payload: opened.value.secret }) : opened
}

export const signManifest: Handler<'signManifest'> = async ({ context, args }) => {
  const { signer } = context.identity
  const signature = signer.sign(Buffer.from(`claviger/recording-manifest/v1\n${args.manifest}`, 'utf8'))
  return ok({ signature: signature.toString('base64'), key: context.notary.verifierKey })
}

export const gatewayHostKey: Handler<'gatewayHostKey'> = async ({ context }) => {
  const seed = await systemSeed(context.vault, 'gateway-host')
  return seed.ok ? ok({ done: true as const, payload: seed.value }) : seed
}
