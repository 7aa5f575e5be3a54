import { createDecipheriv } from 'node:crypto'
import { kits } from '@claviger/api'
import { combine } from 'shamir-secret-sharing'
import { CliError } from '../kit/exit.ts'
import { decryptWith } from './age.ts'
import { isSignedBy, type SignedKit } from './read-kit.ts'

export interface OpenedKit {
  head: kits.KitHead
  body: kits.KitBody
  /** Who opened it. */
  custodians: string[]
  /** The private half of the key of the location: while this process lasts. */
  key: string
}

/** What one custodian brings: their shares of the kit's key and of the location's. Undefined when the identity is none of theirs. */
interface Brought {
  name: string
  kit: Uint8Array
  location: Uint8Array
  key: string
  ledger: string
}

export async function bring({ head }: SignedKit, identities: readonly string[]): Promise<Brought | undefined> {
  for (const { name, share, keyShare } of head.custodians) {
    const [kit, location] = [await decryptWith(identities, share), await decryptWith(identities, keyShare)]
    if (!kit || !location) continue
    const ofKit = kits.kitShare.safeParse(parsed(kit))
    const ofLocation = kits.locationShare.safeParse(parsed(location))
    if (!ofKit.success || !ofLocation.success || ofKit.data.kit !== head.id || ofLocation.data.key !== head.key)
      throw new CliError(
        'failed',
        `What ${name} opened does not belong to this kit: it was put together from others. Take another copy of it.`,
      )
    return {
      name,
      kit: Uint8Array.from(Buffer.from(ofKit.data.share, 'base64')),
      location: Uint8Array.from(Buffer.from(ofLocation.data.share, 'base64')),
      key: ofLocation.data.key,
      ledger: ofLocation.data.ledger,
    }
  }
  return undefined
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}

const changed = (what: string) =>
  new CliError('failed', `${what}. The kit was changed, or made by somebody else than your server: do not use it, and tell security.`)

/** Puts together what enough custodians brought. Throws a sentence for whatever does not fit. */
export async function openKit(signed: SignedKit, brought: readonly Brought[]): Promise<OpenedKit> {
  const { head } = signed
  if (brought.length < head.threshold)
    throw new CliError('refused', `${brought.length} of ${head.threshold} custodians: fewer open nothing. They are: ${named(head)}.`)
  const ledgers = new Set(brought.map((b) => b.ledger))
  const [ledger = ''] = ledgers
  if (ledgers.size !== 1 || !isSignedBy(signed, ledger)) throw changed('Its signature is not that of the server whose key the shares name')
  const bytes = await combine(brought.map((b) => b.kit)).catch(() => undefined)
  const plain = bytes && decrypt(bytes, head)
  bytes?.fill(0)
  const body = plain && kits.kitBody.safeParse(parsed(plain))
  if (!body?.success) throw changed('It does not open')
  const key = Buffer.from(await combine(brought.map((b) => b.location))).toString('utf8')
  if (!/^AGE-SECRET-KEY-1[A-Z0-9]+$/.test(key)) throw changed('The shares of the location do not fit together')
  return { head, body: body.data, custodians: brought.map((b) => b.name), key }
}

export const named = (head: kits.KitHead): string => head.custodians.map((c) => c.name).join(', ')

function decrypt(key: Uint8Array, { id, body }: kits.KitHead): Buffer | undefined {
  const sealed = Buffer.from(body, 'base64')
  if (sealed.length < 28 || key.length !== 32) return undefined
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: 16 })
  decipher.setAAD(Buffer.from(`${kits.kitSigned}${id}`))
  decipher.setAuthTag(sealed.subarray(-16))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()])
  } catch {
    return undefined
  }
}
