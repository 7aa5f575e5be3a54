import { verifyRegistrationResponse } from '@simplewebauthn/server'
import { cose, decodeAttestationObject, decodeCredentialPublicKey } from '@simplewebauthn/server/helpers'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import { type PasskeyAlgorithm, passkeyFromJwk } from '../../../platform/crypto/passkey-key.ts'
import type { IdentityError } from '../errors.ts'
import { algorithmNumbers } from './algorithm-numbers.ts'

/** What the browser brings of a passkey that was made a moment ago. */
export interface MadeCredential {
  id: string
  rawId: string
  type: 'public-key'
  response: { clientDataJSON: string; attestationObject: string }
}
export interface Registered {
  credential: string
  algorithm: PasskeyAlgorithm
  /** SubjectPublicKeyInfo in DER, base64. */
  publicKey: string
}

/** Whether an attestation names its maker with certificates. We ask for none, and to check one would mean to fetch from addresses that are in it. */
function namesItsMaker(attestationObject: string): boolean {
  const object = decodeAttestationObject(new Uint8Array(Buffer.from(attestationObject, 'base64url')))
  const [format, statement] = [object.get('fmt'), object.get('attStmt')]
  return !(format === 'none' || (format === 'packed' && statement.get('x5c') === undefined))
}

function jwkOf(key: ReturnType<typeof decodeCredentialPublicKey>): Record<string, string> | undefined {
  const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('base64url')
  const keys = cose.COSEKEYS
  if (cose.isCOSEPublicKeyEC2(key)) return { kty: 'EC', crv: 'P-256', x: text(key.get(keys.x)), y: text(key.get(keys.y)) }
  if (cose.isCOSEPublicKeyOKP(key)) return { kty: 'OKP', crv: 'Ed25519', x: text(key.get(keys.x)) }
  if (cose.isCOSEPublicKeyRSA(key)) return { kty: 'RSA', n: text(key.get(keys.n)), e: text(key.get(keys.e)) }
  return undefined
}

/** Reads what an authenticator made: for this challenge, on a page of ours, by somebody whom it made sure of; with a key that we take. */
export async function readRegistration(
  made: MadeCredential,
  site: { rpId: string; origin: string },
  challenge: string,
): Promise<Result<Registered, IdentityError>> {
  const no = (why: string) => fail<IdentityError>({ code: 'identity.passkey_malformed', why })
  try {
    if (namesItsMaker(made.response.attestationObject)) return no('it names its maker, which nobody asked for')
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: { ...made, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: site.origin,
      expectedRPID: site.rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: algorithmNumbers.map(([number]) => number),
    })
    if (!verified || !registrationInfo) return no('its authenticator does not vouch for it')
    const key = decodeCredentialPublicKey(registrationInfo.credential.publicKey)
    const algorithm = algorithmNumbers.find(([number]) => number === key.get(cose.COSEKEYS.alg))?.[1]
    const jwk = jwkOf(key)
    const publicKey = algorithm && jwk && passkeyFromJwk(jwk, algorithm)
    if (!publicKey) return no('its key is of a kind that is not taken here')
    return ok({ credential: registrationInfo.credential.id, algorithm, publicKey })
  } catch (error) {
    // the library's own words name what did not fit, and hold nothing but what was sent
    return no(error instanceof Error ? error.message.slice(0, 200) : 'it cannot be read')
  }
}
