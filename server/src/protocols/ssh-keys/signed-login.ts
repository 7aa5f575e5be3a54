import type { Result } from '../../kernel/result.ts'
import { concat, malformed, type SshKeyError, string, WireReader } from './wire.ts'

const userAuthRequest = 50
const service = 'ssh-connection'
const method = 'publickey'

/** What a client signs to prove that it holds a key (RFC 4252 section 7). */
export interface SignedLogin {
  /** The exchange hash of the connection's first key exchange: a signature for one connection is none for another. */
  sessionId: Uint8Array
  /** The user name of the login, as the client sent it. */
  user: string
  /** The name of the public key algorithm. */
  algorithm: string
  /** The public key or certificate, as a blob. */
  key: Uint8Array
}

/** Takes the signed bytes of a login apart. Anything else that the same key may have signed is refused. The signature is *not* checked here. */
export function parseSignedLogin(bytes: Uint8Array): Result<SignedLogin, SshKeyError> {
  const reader = new WireReader(bytes)
  const sessionId = reader.string()
  const type = reader.raw(1)[0]
  const user = reader.text()
  const says = { service: reader.text(), method: reader.text(), signed: reader.raw(1)[0] }
  const algorithm = reader.text()
  const key = reader.string()
  if (type !== userAuthRequest || says.service !== service || says.method !== method || says.signed !== 1)
    return malformed('what was signed is not a login with a public key')
  return reader.finish({ sessionId, user, algorithm, key }, 'a signed login')
}

/** The bytes that a client signs. */
export function writeSignedLogin({ sessionId, user, algorithm, key }: SignedLogin): Uint8Array {
  const [type, signed] = [Uint8Array.of(userAuthRequest), Uint8Array.of(1)]
  return concat(string(sessionId), type, string(user), string(service), string(method), signed, string(algorithm), string(key))
}
