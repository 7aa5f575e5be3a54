import { timingSafeEqual } from 'node:crypto'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { ScramError } from './errors.ts'
import { deriveKeys, hmac, newNonce } from './keys.ts'
import { readServerFinal, readServerFirst } from './messages.ts'

/**
 * The client's side of SCRAM-SHA-256 (RFC 5802, RFC 7677), without channel binding. Three steps, in this order, each once:
 * send `clientFirst`; send what `answer` makes of the server's first message; give the server's last one to `check`.
 * Only when `check` is ok has the server proven that it knows the password's verifier.
 */
export interface ScramExchange {
  clientFirst: string
  answer(serverFirst: string, password: Uint8Array): Promise<Result<string, ScramError>>
  check(serverFinal: string): Result<void, ScramError>
}

const noChannelBinding = 'n,,' // gs2-header, RFC 5802 section 6; base64 of it is `biws`

/** `user` stays empty with PostgreSQL, which knows it from the startup message. `nonce` is for test vectors. */
export function startScram({ user = '', nonce = newNonce() }: { user?: string; nonce?: string } = {}): ScramExchange {
  // RFC 5802 section 5.1: comma and equals sign in a name are written =2C and =3D
  const bare = `n=${user.replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${nonce}`
  let expected: Buffer | undefined
  return {
    clientFirst: `${noChannelBinding}${bare}`,

    async answer(serverFirst, password) {
      const read = readServerFirst(serverFirst, nonce)
      if (!read.ok) return read
      const keys = await deriveKeys(password, read.value.salt, read.value.iterations)
      if (!keys.ok) return keys
      const { clientKey, storedKey, serverKey } = keys.value
      const withoutProof = `c=${Buffer.from(noChannelBinding).toString('base64')},r=${read.value.nonce}`
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
