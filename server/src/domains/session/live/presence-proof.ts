import { deriveKey, hmacSha256, lengthPrefixed, sameBytes } from '../../../platform/crypto/hash.ts'
import { randomSecretBytes } from '../../../platform/crypto/random.ts'

/*
 * How a gateway knows who watches, and that they are there. Before what they watch, and where it is supervised between the sealed chunks of it, it sends a
 * challenge; whoever shows the session to them, and so got the recording's key of the keeper in their name, answers with a MAC over it and over whether
 * they are announced. A row alone proves nothing.
 */

/** No sealed block begins like this: each begins with its own magic. */
const magic = Buffer.from('claviger observe')
const nonceBytes = 16

export const newChallenge = (): Buffer => Buffer.concat([magic, randomSecretBytes(nonceBytes)])

export const isChallenge = (block: Uint8Array): boolean =>
  block.length === magic.length + nonceBytes && magic.equals(block.subarray(0, magic.length))

/** Of the key with which viewers open the recording. */
export const presenceKey = (viewers: Uint8Array, recording: string): Buffer => deriveKey(viewers, `claviger observing 1 ${recording}`)

const kinds = ['announced', 'covert'] as const

export interface Observing {
  session: string
  watch: string
  person: string
  kind: (typeof kinds)[number]
}

export const proofOf = (key: Uint8Array, { session, watch, person, kind }: Observing, challenge: Uint8Array): Buffer =>
  hmacSha256(key, lengthPrefixed('claviger/observing/v2', session, watch, person, kind, challenge))

export const proves = (key: Uint8Array, who: Observing, challenge: Uint8Array, proof: Uint8Array): boolean =>
  sameBytes(proofOf(key, who, challenge), proof)

/** How they watch, by what they answered; undefined where it is no answer of theirs. */
export const provenKind = (
  key: Uint8Array,
  who: Omit<Observing, 'kind'>,
  challenge: Uint8Array,
  proof: Uint8Array,
): Observing['kind'] | undefined => kinds.find((kind) => proves(key, { ...who, kind }, challenge, proof))
