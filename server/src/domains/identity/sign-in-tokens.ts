import type { Keeper } from '../../keeper/client.ts'
import type { PersonId, SignInId } from '../../kernel/id.ts'
import { deriveKey, hmacSha256, lengthPrefixed } from '../../platform/crypto/hash.ts'
import { open, seal } from '../../platform/crypto/sealed.ts'

/** What a sign-in's presence is bound to. Change any of it in the database and the presence does not open. */
export interface SignInFace {
  id: SignInId
  person: PersonId
  kind: string
  createdAt: Date
  expiresAt: Date
  /** Of the keeper: a new epoch voids every sign-in. */
  epoch: number
}

/**
 * Tokens of sign-ins and challenges: 256 random bits, kept as an HMAC under a key that the database does not have. The presence
 * is sealed under a key made of that key and the token, so neither the database nor a token alone opens it.
 */
export interface SignInTokens {
  hashOf(purpose: 'sign-in' | 'challenge', token: string): Buffer
  sealPresence(token: string, face: SignInFace, presence: string): string
  /** Undefined when it is not what was sealed for this token and these facts. */
  openPresence(token: string, face: SignInFace, sealed: string): string | undefined
}

export function signInTokens(keeper: Pick<Keeper, 'keys'>): SignInTokens {
  const hmac = (...parts: readonly string[]) => hmacSha256(keeper.keys().role, lengthPrefixed(...parts))
  const keyFor = (token: string) => deriveKey(hmac('sign-in-presence', token), 'claviger/sign-in/presence/v1')
  const placeOf = (face: SignInFace) => ({
    purpose: 'sign-in-presence',
    location: 'api',
    id: [face.id, face.person, face.kind, face.createdAt.toISOString(), face.expiresAt.toISOString()].join(' '),
    version: face.epoch,
  })
  return {
    hashOf: (purpose, token) => hmac(purpose, token),
    sealPresence: (token, face, presence) =>
      seal(keyFor(token), 'sign-in', placeOf(face), Buffer.from(presence, 'utf8')).toString('base64'),
    openPresence(token, face, sealed) {
      const opened = open(keyFor(token), placeOf(face), Buffer.from(sealed, 'base64'))
      return opened.ok ? opened.value.toString('utf8') : undefined
    },
  }
}
