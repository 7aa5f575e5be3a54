import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { string, uint32 } from './wire.ts'

export interface KeyPair {
  /** PEM, `BEGIN OPENSSH PRIVATE KEY`, without passphrase: the file's permissions protect it, and alone it opens nothing. */
  privateKey: string
  /** `ssh-ed25519 AAAA… comment` */
  publicKey: string
}

/** Makes an Ed25519 key pair in OpenSSH's own format (its PROTOCOL.key; RFC 8709 section 4 for the public half). */
export function makeKeyPair(comment: string): KeyPair {
  const { x = '', d = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  const [publicHalf, seed] = [Buffer.from(x, 'base64url'), Buffer.from(d, 'base64url')]
  const type = 'ssh-ed25519'
  const publicBlob = Buffer.concat([string(type), string(publicHalf)])
  const check = randomBytes(4)
  const secret = Buffer.concat([check, check, publicBlob, string(Buffer.concat([seed, publicHalf])), string(comment)])
  // PROTOCOL.key: padded with 1, 2, 3 … to the block size of the cipher, which is 8 for none
  const padding = Buffer.from(Array.from({ length: -secret.length & 7 }, (_, at) => at + 1))
  const whole = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    ...[string('none'), string('none'), string('')],
    uint32(1),
    string(publicBlob),
    string(Buffer.concat([secret, padding])),
  ])
  const lines = whole.toString('base64').match(/.{1,70}/g) ?? []
  return {
    privateKey: `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join('\n')}\n-----END OPENSSH PRIVATE KEY-----\n`,
    publicKey: `${type} ${publicBlob.toString('base64')} ${comment}\n`,
  }
}
