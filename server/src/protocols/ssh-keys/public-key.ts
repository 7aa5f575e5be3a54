import { createHash } from 'node:crypto'
import { ok, type Result } from '../../kernel/result.ts'
import { concat, longestBlob, malformed, type SshKeyError, string, WireReader } from './wire.ts'

/** A public key: its type as the blob names it, the blob, and the comment behind it (which proves nothing). */
export interface PublicKey {
  type: string
  blob: Uint8Array
  comment: string
}

const typeName = /^[a-z][a-z0-9@.-]{2,63}$/
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** The type that a blob names in its first field (RFC 4253 section 6.6); undefined when it names none. */
export function blobType(blob: Uint8Array): string | undefined {
  if (blob.length > longestBlob) return undefined
  const reader = new WireReader(blob)
  const type = new TextDecoder('latin1').decode(reader.string())
  return !reader.short && reader.left > 0 && typeName.test(type) ? type : undefined
}

/** `SHA256:…` as ssh-keygen -l shows it: base64 without padding over SHA-256 of the blob. */
export const fingerprint = (blob: Uint8Array): string => `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`

/** Reads `type base64` where both must name the same type. Options are not read here: see `authorized-keys.ts`. */
export function readTypeAndBase64(type: string, text: string): Result<{ type: string; blob: Uint8Array }, SshKeyError> {
  if (!typeName.test(type)) return malformed('no key type')
  if (text.length > (longestBlob / 3) * 4 + 4 || !base64.test(text)) return malformed('the key is not base64 or too long')
  const blob = Uint8Array.from(Buffer.from(text, 'base64'))
  const inner = blobType(blob)
  if (inner !== type) return malformed(inner ? 'the key is of another type than its line says' : 'the key names no type')
  return isWhole(type, blob) ? ok({ type, blob }) : malformed('the key is cut off')
}

/** The fields of every plain key are strings (RFC 4253 section 6.6, RFC 5656, RFC 8709); only certificates hold others. */
function isWhole(type: string, blob: Uint8Array): boolean {
  if (type.endsWith('-cert-v01@openssh.com')) return true
  const reader = new WireReader(blob)
  while (reader.left > 0) reader.string()
  return !reader.short
}

/** Comments come from people and files: what could move a cursor or end a line does not pass. At most 256 characters. */
export const cleanComment = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ')
    .trim()
    .slice(0, 256)
    .toWellFormed()
    .trim()

/** Parses one line of a `.pub` file: `type base64 [comment]`. */
export function parsePublicKeyLine(line: string): Result<PublicKey, SshKeyError> {
  if (line.length > 2 * longestBlob) return malformed('the line is too long')
  const found = /^[ \t]*([^ \t]+)[ \t]+([^ \t\r\n]+)([^\n]*?)[\r\n]*$/.exec(line)
  if (!found) return malformed('not of the form "type base64 comment"')
  const [, type = '', text = '', comment = ''] = found
  const key = readTypeAndBase64(type, text)
  return key.ok ? ok({ ...key.value, comment: cleanComment(comment) }) : key
}

/** One line without newline; the inverse of `parsePublicKeyLine`. */
export function formatPublicKeyLine(key: { type: string; blob: Uint8Array; comment?: string }): string {
  const comment = cleanComment(key.comment ?? '')
  return `${key.type} ${Buffer.from(key.blob).toString('base64')}${comment && ` ${comment}`}`
}

/** `ssh-ed25519` blob of a raw 32-byte public key (RFC 8709 section 4). */
export function ed25519Blob(publicKey: Uint8Array): Uint8Array {
  if (publicKey.length !== 32) throw new RangeError('an Ed25519 public key has 32 bytes')
  return concat(string('ssh-ed25519'), string(publicKey))
}

/** `ecdsa-sha2-nistp256` blob of an uncompressed point, 65 bytes (RFC 5656 section 3.1). */
export function p256Blob(point: Uint8Array): Uint8Array {
  if (point.length !== 65 || point[0] !== 4) throw new RangeError('an uncompressed point on P-256 has 65 bytes')
  return concat(string('ecdsa-sha2-nistp256'), string('nistp256'), string(point))
}

/** The raw 32 bytes in an `ssh-ed25519` blob. */
export function ed25519Raw(blob: Uint8Array): Result<Uint8Array, SshKeyError> {
  const reader = new WireReader(blob)
  const type = reader.text()
  const raw = reader.string()
  if (type !== 'ssh-ed25519' || raw.length !== 32) return malformed('not an ssh-ed25519 key')
  return reader.finish(raw, 'the key')
}
