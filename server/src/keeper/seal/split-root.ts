import { combine, split } from 'shamir-secret-sharing'
import { sha256OfSecret } from '../../platform/crypto/hash.ts'
import { randomSecretBytes } from '../../platform/crypto/random.ts'
import { type Share, writeShare } from './share-text.ts'

export const mostShares = 16

export interface SplitRoot {
  set: string
  threshold: number
  shares: number
  /** SHA-256 of each share's value, by number: tells a forged one. A share is 256 random bits, so its digest gives nothing away. */
  digests: string[]
  /** The texts for the custodians, a line each; to be handed out once and wiped. */
  texts: Buffer
}

export const shareDigest = (share: Pick<Share, 'set' | 'number' | 'value'>): string =>
  sha256OfSecret(Buffer.from(`claviger/share/v1\n${share.set}\n${share.number}\n`), share.value).toString('hex')

/** Splits the root key; any `threshold` of the `shares` give it back, fewer give nothing. The key stays the caller's to wipe. */
export async function splitRoot(root: Uint8Array, shares: number, threshold: number): Promise<SplitRoot> {
  const set = randomSecretBytes(5).toString('hex')
  // the library wants a plain Uint8Array
  const plain = Uint8Array.from(root)
  const values = (await split(plain, shares, threshold)).map((value) => Buffer.from(value.buffer, value.byteOffset, value.length))
  plain.fill(0)
  const made = values.map((value, i): Share => ({ set, threshold, shares, number: i + 1, value }))
  const texts = made.map((share) => writeShare(share))
  const lines = Buffer.concat(texts.flatMap((text, i) => (i === 0 ? [text] : [Buffer.from('\n'), text])))
  const digests = made.map(shareDigest)
  for (const bytes of [...values, ...texts]) bytes.fill(0)
  return { set, threshold, shares, digests, texts: lines }
}

/** Puts the shares together. What comes out is only a key when its check value says so. */
export async function joinShares(shares: readonly Share[]): Promise<Buffer> {
  const plain = shares.map((share) => Uint8Array.from(share.value))
  const joined = await combine(plain)
  for (const bytes of plain) bytes.fill(0)
  return Buffer.from(joined.buffer, joined.byteOffset, joined.length)
}
