import { createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { sealAead } from './aead.ts'
import { deriveKey } from './hash.ts'
import { randomSecretBytes } from './random.ts'

/*
 * Encryption to one person's P-256 key, of approved algorithms alone: what the FIPS profile has in the place of age. docs/formats.md, "P-256 file":
 * magic | ephemeral point | nonce | AES-256-GCM. One-pass Diffie-Hellman, C(1e, 1s) of SP 800-56A, with HKDF-SHA-256 (SP 800-56C).
 */
const magic = Buffer.from('claviger/p256/v1\n')

/** As `claviger share key --p256` prints it: `p256-` and the uncompressed point, base64url. */
const form = /^p256-([A-Za-z0-9_-]{87})$/

function readPoint(text: string): { key: KeyObject; point: Buffer } | undefined {
  const point = Buffer.from(form.exec(text)?.[1] ?? '', 'base64url')
  // two texts for one key would be two custodians
  if (point.length !== 65 || point[0] !== 4 || point.toString('base64url') !== text.slice(5)) return undefined
  const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')]
  try {
    // OpenSSL refuses what is not on the curve
    return { key: createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' }), point }
  } catch {
    return undefined
  }
}

export const isP256Recipient = (key: string): boolean => readPoint(key) !== undefined

/** Throws for a key that `isP256Recipient` refuses. */
export function encryptToP256(key: string, plain: Uint8Array): Buffer {
  const to = readPoint(key)
  if (!to) throw new Error('no P-256 key of a custodian')
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const ephemeral = Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])
  const secret = diffieHellman({ privateKey, publicKey: to.key })
  const sealedUnder = deriveKey(secret, 'claviger/p256/v1', Buffer.concat([ephemeral, to.point]))
  const nonce = randomSecretBytes(12)
  const head = Buffer.concat([magic, ephemeral, nonce])
  const sealed = sealAead(sealedUnder, nonce, head, plain, head)
  secret.fill(0)
  sealedUnder.fill(0)
  return sealed
}

export const isP256File = (sealed: Uint8Array): boolean => magic.equals(Buffer.from(sealed.subarray(0, magic.length)))

/** RFC 7468 in its strict form, as age has it. */
export function armoredP256(sealed: Uint8Array): string {
  const lines =
    Buffer.from(sealed)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN CLAVIGER P-256 FILE-----\n${lines.join('\n')}\n-----END CLAVIGER P-256 FILE-----`
}
