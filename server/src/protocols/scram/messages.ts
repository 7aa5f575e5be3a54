import { fail, ok, type Result } from '../../kernel/result.ts'
import type { ScramError } from './errors.ts'

const longest = 2048

export interface ServerFirst {
  nonce: string
  salt: Buffer
  iterations: number
}

/** server-first-message, RFC 5802 section 7: `r=…,s=…,i=…` and optional extensions, which we do not know and may ignore. */
export function readServerFirst(text: string, clientNonce: string): Result<ServerFirst, ScramError> {
  if (text.length > longest) return malformed('the first message is too long')
  if (text.startsWith('m=')) return malformed('the server demands an extension') // reserved-mext: must not be ignored
  const match = /^r=([\x21-\x2b\x2d-\x7e]+),s=([^,]+),i=([1-9]\d{0,9})(?:,[A-Za-z]=[^,]+)*$/.exec(text)
  if (!match) return malformed('the first message is not r=,s=,i=')
  const [, nonce = '', saltText = '', iterations = ''] = match
  if (!nonce.startsWith(clientNonce) || nonce.length === clientNonce.length) return fail({ code: 'scram.foreign_nonce' })
  const salt = readBase64(saltText)
  if (!salt) return malformed('the salt is not base64')
  return ok({ nonce, salt, iterations: Number(iterations) })
}

/** server-final-message, RFC 5802 section 7: `v=` with the server's signature, or `e=` with why not. */
export function readServerFinal(text: string): Result<Buffer, ScramError> {
  if (text.length > longest) return malformed('the last message is too long')
  if (text.startsWith('e=')) return fail({ code: 'scram.refused', says: text.slice(2, 100).replace(/[^\x20-\x7e]/g, '?') })
  const signature = readBase64(/^v=([^,]+)(?:,[A-Za-z]=[^,]+)*$/.exec(text)?.[1] ?? '')
  return signature ? ok(signature) : malformed('the last message is not v=')
}

/** Strict: Node's decoder would skip what is no base64. */
function readBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.length > 0 && bytes.toString('base64') === text ? bytes : undefined
}

const malformed = (detail: string): Result<never, ScramError> => fail({ code: 'scram.malformed', detail })
