import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { passkeySite } from '../../domains/identity/test/house.ts'
import type { PasskeyId } from '../../kernel/id.ts'
import type { PasskeyAlgorithm } from '../../platform/crypto/passkey-key.ts'
import { newId } from '../../platform/crypto/random.ts'
import { writePasskeyAnswer } from '../../protocols/webauthn/index.ts'

export interface Answering {
  origin?: string
  rpId?: string
  type?: string
  verified?: boolean
  present?: boolean
  counter?: number
}

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest()

const pairs = {
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
}

/** As much of RFC 8949 as an attestation takes. */
function cbor(value: unknown): Buffer {
  const head = (major: number, n: number) =>
    n < 24
      ? Buffer.from([(major << 5) | n])
      : n < 256
        ? Buffer.from([(major << 5) | 24, n])
        : Buffer.from([(major << 5) | 25, n >> 8, n & 255])
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value])
  const entries = value instanceof Map ? [...value] : Object.entries(value as object)
  return Buffer.concat([head(5, entries.length), ...entries.flatMap(([k, v]) => [cbor(k), cbor(v)])])
}

/** An authenticator and the browser before it, in software: whatever somebody with the private key can say. */
export function createAuthenticator(algorithm: PasskeyAlgorithm = 'ES256') {
  const { publicKey, privateKey } = pairs[algorithm]()
  const credential = randomBytes(16)
  const bytes = (text: string | undefined) => Buffer.from(text ?? '', 'base64url')
  const jwk = publicKey.export({ format: 'jwk' })
  const cose =
    algorithm === 'ES256'
      ? new Map<number, unknown>([
          [1, 2],
          [3, -7],
          [-1, 1],
          [-2, bytes(jwk.x)],
          [-3, bytes(jwk.y)],
        ])
      : algorithm === 'EdDSA'
        ? new Map<number, unknown>([
            [1, 1],
            [3, -8],
            [-1, 6],
            [-2, bytes(jwk.x)],
          ])
        : new Map<number, unknown>([
            [1, 3],
            [3, -257],
            [-1, bytes(jwk.n)],
            [-2, bytes(jwk.e)],
          ])

  const said = (type: string, challenge: string, over: Answering) =>
    Buffer.from(
      JSON.stringify({ type: over.type ?? type, challenge, origin: over.origin ?? passkeySite.origin, crossOrigin: false }),
      'utf8',
    )
  const about = (flags: number, { rpId = passkeySite.rpId, verified = true, present = true, counter = 0 }: Answering) => {
    const data = Buffer.alloc(37)
    sha256(rpId).copy(data)
    data[32] = flags | (present ? 1 : 0) | (verified ? 4 : 0)
    data.writeUInt32BE(counter, 33)
    return data
  }
  return {
    credential: credential.toString('base64url'),
    algorithm,
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    /** What goes where a code goes. */
    answer(challenge: string, over: Answering = {}): string {
      const clientData = said('webauthn.get', challenge, over)
      const authenticatorData = about(0, over)
      const signature = sign(algorithm === 'EdDSA' ? null : 'sha256', Buffer.concat([authenticatorData, sha256(clientData)]), privateKey)
      return writePasskeyAnswer({ credential: this.credential, authenticatorData, clientData, signature })
    },
    /** What the browser brings after it was asked to make one. */
    made(challenge: string, over: Answering & { statement?: { fmt: string; attStmt: object } } = {}) {
      const length = Buffer.from([0, credential.length])
      const authData = Buffer.concat([about(0x40, over), Buffer.alloc(16), length, credential, cbor(cose)])
      const { fmt, attStmt } = over.statement ?? { fmt: 'none', attStmt: {} }
      const id = credential.toString('base64url')
      return {
        ...{ id, rawId: id, type: 'public-key' as const },
        response: {
          clientDataJSON: said('webauthn.create', challenge, over).toString('base64url'),
          attestationObject: cbor(
            new Map<string, unknown>([
              ['fmt', fmt],
              ['attStmt', attStmt],
              ['authData', authData],
            ]),
          ).toString('base64url'),
        },
      }
    },
  }
}
export type Authenticator = ReturnType<typeof createAuthenticator>

/** The row of a passkey of somebody. */
export const passkeyOf = (person: string, { credential, algorithm, publicKey }: Authenticator) => ({
  ...{ id: newId('pky') as PasskeyId, person_id: person, credential_id: credential, algorithm, public_key: publicKey },
  ...{ rp_id: passkeySite.rpId, state: 'active' },
})
