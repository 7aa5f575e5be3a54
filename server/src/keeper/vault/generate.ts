import { Secret } from '../../kernel/secret.ts'
import { newSeed, signingKey } from '../../platform/crypto/ed25519.ts'
import { randomSecretBytes } from '../../platform/crypto/random.ts'
import { ed25519Blob, formatPublicKeyLine, writeEd25519PrivateKey } from '../../protocols/ssh-keys/index.ts'

/** An Ed25519 pair: the private key in OpenSSH's own form, the public key as one line. */
export function newSshKey(comment: string): { secret: Secret; publicLine: string } {
  const seed = newSeed()
  const { publicKey } = signingKey(seed)
  const pem = writeEd25519PrivateKey({ seed, publicKey, comment, check: randomSecretBytes(4).readUInt32BE() })
  seed.fill(0)
  return { secret: new Secret(pem), publicLine: formatPublicKeyLine({ type: 'ssh-ed25519', blob: ed25519Blob(publicKey), comment }) }
}
