import { Secret } from '../../kernel/secret.ts'
import { newSeed, signingKey } from '../../platform/crypto/ed25519.ts'
import { randomSecretBytes } from '../../platform/crypto/random.ts'
import { ed25519Blob, formatPublicKeyLine, writeEd25519PrivateKey } from '../../protocols/ssh-keys/index.ts'

// without look-alikes (0 O 1 l I) and without what shells, URLs or connection strings read in their own way
const classes = ['abcdefghijkmnpqrstuvwxyz', 'ABCDEFGHJKLMNPQRSTUVWXYZ', '23456789', '-_.+=~'] as const
const all = classes.join('')

/** Draws from `alphabet` without bias: bytes beyond the largest multiple of its length are thrown away. */
function draw(alphabet: string): string {
  const limit = 256 - (256 % alphabet.length)
  for (;;) {
    const byte = randomSecretBytes(1)[0] as number
    if (byte < limit) return alphabet[byte % alphabet.length] as string
  }
}

/** A password with at least one character of each class, as bytes. 28 characters: about 160 bits. */
export function newPassword(length = 28): Secret {
  for (;;) {
    const text = Array.from({ length }, () => draw(all)).join('')
    if (classes.every((c) => [...text].some((ch) => c.includes(ch)))) return Secret.fromText(text)
  }
}

/** An Ed25519 pair: the private key in OpenSSH's own form, the public key as one line. */
export function newSshKey(comment: string): { secret: Secret; publicLine: string } {
  const seed = newSeed()
  const { publicKey } = signingKey(seed)
  const pem = writeEd25519PrivateKey({ seed, publicKey, comment, check: randomSecretBytes(4).readUInt32BE() })
  seed.fill(0)
  return { secret: new Secret(pem), publicLine: formatPublicKeyLine({ type: 'ssh-ed25519', blob: ed25519Blob(publicKey), comment }) }
}
