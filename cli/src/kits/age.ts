import { armor, Decrypter, Encrypter } from 'age-encryption'

/** Encrypted to one public key, as text. */
export async function encryptTo(key: string, text: string): Promise<string> {
  const to = new Encrypter()
  to.addRecipient(key)
  return armor.encode(await to.encrypt(text))
}

/** Undefined when none of the identities opens it, or it was changed. `sealed`: an age file, armored as text or as bytes. */
export async function decryptWith(identities: readonly string[], sealed: string | Uint8Array): Promise<Buffer | undefined> {
  try {
    const decrypter = new Decrypter()
    for (const identity of identities) decrypter.addIdentity(identity)
    return Buffer.from(await decrypter.decrypt(typeof sealed === 'string' ? armor.decode(sealed) : Uint8Array.from(sealed)))
  } catch {
    return undefined
  }
}
