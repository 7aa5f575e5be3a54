import { timingSafeEqual } from 'node:crypto'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { type ChannelBinding, channelBindingInput, gs2Header } from './channel-binding.ts'
import type { ScramError } from './errors.ts'
import { deriveKeys, hmac, newNonce } from './keys.ts'
import { readServerFinal, readServerFirst } from './messages.ts'

/**
 * The client's side of SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, RFC 7677). Three steps, in this order, each once:
 * send `clientFirst`; send what `answer` makes of the server's first message; give the server's last one to `check`.
 * Only when `check` is ok has the server proven that it knows the password's verifier.
 */
export interface ScramExchange {
  clientFirst: string
  answer(serverFirst: string, password: Uint8Array): Promise<Result<string, ScramError>>
  check(serverFinal: string): Result<void, ScramError>
}

/** `user` stays empty with PostgreSQL, which knows it from the startup message. `nonce` is for test vectors. */
export function startScram({
  user = '',
  nonce = newNonce(),
  binding = 'none',
}: {
  user?: string
  nonce?: string
  binding?: ChannelBinding
} = {}): ScramExchange {
  // RFC 5802 section 5.1: comma and equals sign in a name are written =2C and =3D
  const bare = `n=${user.replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${nonce}`
  let expected: Buffer | undefined
  return {
    clientFirst: `${gs2Header(binding)}${bare}`,

    async answer(serverFirst, password) {
      const read = readServerFirst(serverFirst, nonce)
      if (!read.ok) return read
      const keys = await deriveKeys(password, read.value.salt, read.value.iterations)
      if (!keys.ok) return keys
      const { clientKey, storedKey, serverKey } = keys.value
      const withoutProof = `c=${channelBindingInput(binding)},r=${read.value.nonce}`
      const authMessage = `${bare},${serverFirst},${withoutProof}`
      const proof = hmac(storedKey, authMessage).map((byte, i) => byte ^ (clientKey[i] ?? 0))
      clientKey.fill(0)
      expected = hmac(serverKey, authMessage)
      return ok(`${withoutProof},p=${Buffer.from(proof).toString('base64')}`)
    },

    check(serverFinal) {
      const read = readServerFinal(serverFinal)
      if (!read.ok) return read
      if (!expected || read.value.length !== expected.length || !timingSafeEqual(read.value, expected))
        return fail({ code: 'scram.wrong_signature' })
      expected = undefined
      return ok(undefined)
    },
  }
}
