import {
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto'

/*
 * A custodian's side of files that are encrypted to a P-256 key (docs/formats.md, "P-256 file"): where the server is in the FIPS profile, which has no age.
 */
const magic = Buffer.from('claviger/p256/v1\n')
const pem = /-----BEGIN PRIVATE KEY-----[A-Za-z0-9+/=\s]+-----END PRIVATE KEY-----/
const armor = /^\s*-----BEGIN CLAVIGER P-256 FILE-----\s([A-Za-z0-9+/=\s]+)-----END CLAVIGER P-256 FILE-----\s*$/

function pointOf(key: KeyObject): Buffer {
  const { x = '', y = '' } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' })
  return Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])
}

/** `identity`: PKCS #8 in PEM. `recipient`: what is given away. */
export function newP256Identity(): { identity: string; recipient: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return {
    identity: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
    recipient: `p256-${pointOf(publicKey).toString('base64url')}`,
  }
}

export const isP256File = (text: string): boolean => armor.test(text)

/** Undefined when the file of the private half holds no such key, the file is for another one, or it was changed. */
export function openP256File(identityFile: string, text: string): Buffer | undefined {
  try {
    const privateKey = createPrivateKey(pem.exec(identityFile)?.[0] ?? '')
    const sealed = Buffer.from(armor.exec(text)?.[1] ?? '', 'base64')
    const head = sealed.subarray(0, magic.length + 65 + 12)
    if (!magic.equals(sealed.subarray(0, magic.length)) || sealed.length < head.length + 16) return undefined
    const [ephemeral, nonce] = [head.subarray(magic.length, -12), head.subarray(-12)]
    const [x, y] = [ephemeral.subarray(1, 33).toString('base64url'), ephemeral.subarray(33).toString('base64url')]
    const publicKey = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' })
    const salt = Buffer.concat([ephemeral, pointOf(privateKey)])
    const key = Buffer.from(hkdfSync('sha256', diffieHellman({ privateKey, publicKey }), salt, 'claviger/p256/v1', 32))
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 })
    decipher.setAAD(head)
    decipher.setAuthTag(sealed.subarray(-16))
    return Buffer.concat([decipher.update(sealed.subarray(head.length, -16)), decipher.final()])
  } catch {
    return undefined
  }
}
