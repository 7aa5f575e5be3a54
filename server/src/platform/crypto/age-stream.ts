import { Readable } from 'node:stream'
import { Decrypter, Encrypter } from 'age-encryption'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { isRecipient, outsideOfFips } from './age.ts'

/*
 * Files too long for memory that are encrypted to somebody's public key (age.ts has the short ones): `age -d -i KEYFILE` opens them as well. A recipient
 * is the public half, `age1…`; an identity the private one, `AGE-SECRET-KEY-1…`, which Claviger never stores.
 */

/** Whether it is a native X25519 recipient, as `age-keygen -y` prints it; also its checksum is right. */
export const isFileRecipient = (text: string): boolean => /^age1[02-9ac-hj-np-z]{58}$/.test(text) && isRecipient(text)

const identityPattern = /^AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}$/

/** The identities in a key file as `age-keygen` writes it: one a line, comments and empty lines between. Undefined when a line is none, or there is none. */
export function readIdentities(text: string): string[] | undefined {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  return lines.length > 0 && lines.length <= 32 && lines.every((line) => identityPattern.test(line)) ? lines : undefined
}

/** The ciphertext of what comes, as it comes. Each of the recipients alone opens it. */
export async function encryptStream(recipients: readonly string[], plain: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  outsideOfFips()
  const encrypter = new Encrypter()
  for (const recipient of recipients) encrypter.addRecipient(recipient)
  return await encrypter.encrypt(webOf(plain))
}

/** What was encrypted does not decrypt to its end: it was changed, or cut off. */
export class NotWhole extends Error {}

/**
 * The plaintext of what comes, as it comes. Refused when none of the identities is one of the recipients', or when it is no such file. What is
 * handed out was authenticated; reading throws `NotWhole` at the first part that was changed, and at the end of one that was cut off.
 */
export async function decryptStream(
  identities: readonly string[],
  cipher: AsyncIterable<Uint8Array>,
): Promise<Result<AsyncIterable<Uint8Array>, 'not for us' | 'no age file'>> {
  const decrypter = new Decrypter()
  for (const identity of identities) decrypter.addIdentity(identity)
  try {
    return ok(wholeOrNot(await decrypter.decrypt(webOf(cipher))))
  } catch (error) {
    return fail(error instanceof Error && /no identity matched/i.test(error.message) ? 'not for us' : 'no age file')
  }
}

async function* wholeOrNot(plain: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* plain
  } catch (cause) {
    throw new NotWhole('It does not decrypt to its end.', { cause })
  }
}

const webOf = (source: AsyncIterable<Uint8Array>) =>
  Readable.toWeb(Readable.from(source, { objectMode: true })) as ReadableStream<Uint8Array>
