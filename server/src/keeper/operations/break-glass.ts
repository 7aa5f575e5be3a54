import { split } from 'shamir-secret-sharing'
import { ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import { sealAead } from '../../platform/crypto/aead.ts'
import { armored, decryptWith, encryptTo, newAgeKey, unarmored } from '../../platform/crypto/age.ts'
import { randomSecretBytes } from '../../platform/crypto/random.ts'
import type { KeeperContext } from '../context.ts'
import type { KeeperRefusal } from '../contract.ts'
import { refuse } from '../refuse.ts'
import { type BreakGlassKey, breakGlassKey } from '../vault/break-glass.ts'
import { breakGlassVersions, type VersionRow } from '../vault/vault.store.ts'
import type { Handler } from './handler.ts'

/** Of each credential: what was current, what came before, and a candidate whose rotation did not end. One of them opens the target. */
const versionsOfEach = 4

/**
 * An offline kit. What is secret in it was sealed to the custodians' key before, and is not opened here; around it lies what one needs to connect and
 * to tell others, under a key of this kit that is split among the same custodians. The ledger's key signs the whole.
 */
export const makeKit: Handler<'makeKit'> = async ({ context, args }) => {
  const key = await breakGlassKey(context)
  if (!key.ok) return key
  const accounts: object[] = []
  const contents: { account: string; credential: 'password' | 'ssh-key'; version: number }[] = []
  for (const id of args.accounts) {
    const packed = await pack(context, id, contents)
    if (!packed.ok) return packed
    accounts.push(packed.value)
  }
  const recording = await newAgeKey()
  const owner = { kind: 'kit', id: args.kit, what: 'recording-key' }
  await context.vault.put(owner, 'recordings', Secret.fromText(recording.identity), { state: 'current', public: recording.recipient })
  const body = {
    server: args.server,
    accounts,
    roads: args.roads,
    checkpoint: context.notary.note ?? '',
    recordingKey: recording.recipient,
  }
  const madeAt = context.now().toISOString()
  const head = await sealKit(context, key.value, args.kit, madeAt, Buffer.from(JSON.stringify(body)))
  const signature = context.identity.signer.sign(Buffer.from(`claviger/kit/v1\n${head}`))
  return ok({ key: key.value.id, madeAt, contents, payload: Secret.fromText(`${head}\n${signature.toString('base64')}\n`) })
}

export const openKitRecording: Handler<'openKitRecording'> = async ({ context, args }) => {
  const identity = await context.vault.openState({ kind: 'kit', id: args.kit, what: 'recording-key' }, 'current')
  if (!identity.ok)
    return refuse('breakglass.kit_unknown', `There is no kit ${args.kit}, so what was recorded under it does not open here.`)
  const sealed = unarmored(args.sealed)
  const key =
    sealed && (await identity.value.secret.use('recognise', (bytes) => decryptWith([Buffer.from(bytes).toString('utf8')], sealed)))
  const bytes = key && Buffer.from(key.toString('utf8'), 'base64')
  if (bytes?.length !== 32)
    return refuse('breakglass.recording_other', 'This recording was made under another kit, or its header was changed.')
  return ok({ done: true as const, payload: new Secret(bytes) })
}

async function pack(
  { facts, pool }: KeeperContext,
  id: string,
  contents: { account: string; credential: 'password' | 'ssh-key'; version: number }[],
): Promise<Result<object, KeeperRefusal>> {
  const account = await facts.read('account', id)
  if (!account.ok) return account
  const a = account.value.content
  if (a.break_glass !== true) return refuse('breakglass.not_marked', `${a.name} is not for emergencies, so no kit holds it.`)
  const target = await facts.read('target', String(a.target_id))
  if (!target.ok) return target
  const t = target.value.content
  const rows = await breakGlassVersions(pool, id)
  for (const row of rows)
    if (row.state === 'current') contents.push({ account: id, credential: row.what as 'password' | 'ssh-key', version: row.version })
  const newest = [...Map.groupBy(rows, (row) => row.what).values()].flatMap((of) => of.slice(0, versionsOfEach))
  return ok({
    id,
    name: a.name,
    target: { id: t.id, name: t.name, kind: t.kind, settings: t.settings, identity: t.identity },
    sealed: newest.map((row: VersionRow) => ({
      credential: row.what,
      version: row.version,
      state: row.state,
      at: row.created_at.toISOString(),
      box: row.ciphertext.toString('base64'),
    })),
  })
}

/** The first line of the file. Each custodian's share is encrypted to their own key; the kit's key is wiped when this answers. */
async function sealKit(context: KeeperContext, key: BreakGlassKey, id: string, madeAt: string, body: Buffer): Promise<string> {
  const fresh = randomSecretBytes(32)
  const shares = await split(Uint8Array.from(fresh), key.custodians.length, key.threshold)
  const custodians = await Promise.all(
    key.custodians.map(async ({ name, key: to, share: keyShare }, i) => {
      const share = Buffer.from(shares[i] ?? new Uint8Array())
      const text = JSON.stringify({ format: 'claviger-kit-share/1', kit: id, share: share.toString('base64') })
      return { name, key: to, share: armored(await encryptTo([to], Buffer.from(text))), keyShare }
    }),
  )
  const nonce = randomSecretBytes(12)
  const sealed = sealAead(fresh, nonce, Buffer.from(`claviger/kit/v1\n${id}`), body, nonce)
  fresh.fill(0)
  for (const share of shares) share.fill(0)
  return JSON.stringify({
    format: 'claviger-kit/1',
    id,
    madeAt,
    log: context.identity.log,
    threshold: key.threshold,
    key: key.recipient,
    custodians,
    body: sealed.toString('base64'),
  })
}
