import { armor, Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { fipsInForce } from './fips.ts'

/*
 * Encryption to people's public keys, in the format of age (https://age-encryption.org/v1): what is sealed here opens with our command line as
 * well as with `age -d`. X25519 and ChaCha20-Poly1305, or the hybrid with ML-KEM-768 (`age1pq1…`): outside of the FIPS profile, where
 * no key of these is taken and nothing is made.
 */

/** The last guard: who comes here in the FIPS profile has missed a refusal. */
export function outsideOfFips(): void {
  if (fipsInForce()) throw new Error('age is not used in the FIPS profile')
}

/** Whether this is the public key of a custodian: `age1…` or `age1pq1…`. */
export function isRecipient(key: string): boolean {
  if (fipsInForce() || !/^age1(?:pq1)?[02-9ac-hj-np-z]{20,3000}$/.test(key)) return false
  try {
    new Encrypter().addRecipient(key)
    return true
  } catch {
    return false
  }
}

/** Seals to each of the recipients; any one of them opens it. Throws for a key that `isRecipient` refuses. */
export async function encryptTo(recipients: readonly string[], plain: Uint8Array): Promise<Buffer> {
  outsideOfFips()
  const to = new Encrypter()
  for (const key of recipients) to.addRecipient(key)
  return Buffer.from(await to.encrypt(Uint8Array.from(plain)))
}

/** Undefined when none of the identities opens it, or it was changed. */
export async function decryptWith(identities: readonly string[], sealed: Uint8Array): Promise<Buffer | undefined> {
  outsideOfFips()
  const with_ = new Decrypter()
  for (const identity of identities) with_.addIdentity(identity)
  return await with_.decrypt(Uint8Array.from(sealed)).then(
    (plain) => Buffer.from(plain.buffer, plain.byteOffset, plain.length),
    () => undefined,
  )
}

/** As text that can be mailed and printed. */
export const armored = (sealed: Uint8Array): string => armor.encode(Uint8Array.from(sealed))
/** Undefined when it is no armored file. */
export function unarmored(text: string): Buffer | undefined {
  try {
    return Buffer.from(armor.decode(text))
  } catch {
    return undefined
  }
}

export async function newAgeKey(): Promise<{ identity: string; recipient: string }> {
  outsideOfFips()
  const identity = await generateX25519Identity()
  return { identity, recipient: await identityToRecipient(identity) }
}
