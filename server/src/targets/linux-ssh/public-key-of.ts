import { ok } from '../../kernel/result.ts'
import { type PublicKey, parsePublicKeyLine, readPrivateKeyFace } from '../../protocols/ssh-keys/index.ts'
import type { Credential } from '../contract.ts'
import { type Answer, credentialRefused } from './failures.ts'

/** The public half of a key credential: the line that came with it, or what its private key says. */
export async function publicKeyOf(credential: Credential): Promise<Answer<PublicKey>> {
  if (credential.publicKey !== undefined) {
    const line = parsePublicKeyLine(credential.publicKey)
    return line.ok ? line : credentialRefused(`the public key cannot be read: ${line.error.detail}`)
  }
  const face = await credential.secret.lend('log-in-to-target', (pem) => readPrivateKeyFace(pem))
  if (!face.ok) return credentialRefused(`the private key cannot be read: ${face.error.detail}`)
  return ok({ type: face.value.type, blob: face.value.publicBlob, comment: '' })
}

export const sameKey = (a: Uint8Array, b: Uint8Array): boolean => Buffer.from(a).equals(b)
