import { ok, type Result } from '../../kernel/result.ts'
import { blobType } from './public-key.ts'
import { concat, longestBlob, malformed, mpint, type SshKeyError, string, u32, u64, WireReader } from './wire.ts'

export const ed25519CertificateType = 'ssh-ed25519-cert-v01@openssh.com'
export const p256CertificateType = 'ecdsa-sha2-nistp256-cert-v01@openssh.com'
export type CertificateType = typeof ed25519CertificateType | typeof p256CertificateType
/** Valid before: this value stands for "for ever" (PROTOCOL.certkeys). */
export const forEver = 0xffff_ffff_ffff_ffffn
const userCertificate = 1
const mostEntries = 64

/** A critical option (`force-command`, `source-address`) or extension (`permit-pty`). A flag has no value. */
export interface CertificateOption {
  name: string
  value?: string
}

/** What an OpenSSH user certificate for an Ed25519 or a P-256 key says (OpenSSH's PROTOCOL.certkeys). */
export interface UserCertificate {
  /** Random bytes that the issuer puts in front, against collisions; 32 by custom. */
  nonce: Uint8Array
  /** The certified key: the raw 32 bytes of Ed25519, or the 65 of an uncompressed point on P-256. */
  publicKey: Uint8Array
  serial: bigint
  keyId: string
  /** Whose name it may be used under. Empty means anybody: refuse such a certificate. */
  principals: readonly string[]
  /** Seconds since 1970; valid from `validAfter` on and before `validBefore`. */
  validAfter: bigint
  validBefore: bigint
  /** A verifier must refuse what it does not know among these. */
  criticalOptions: readonly CertificateOption[]
  extensions: readonly CertificateOption[]
  /** The issuer's public key as a blob. */
  authority: Uint8Array
}

export interface SignedUserCertificate extends UserCertificate {
  /** The bytes that the issuer signed. Nothing above means anything before the signature over them is checked. */
  signed: Uint8Array
  signature: { algorithm: string; bytes: Uint8Array }
}

/** The type of a certificate of a key, by the key's length. */
const typeOf = (publicKey: Uint8Array): CertificateType => {
  if (publicKey.length === 32) return ed25519CertificateType
  if (publicKey.length === 65 && publicKey[0] === 4) return p256CertificateType
  throw new RangeError('an Ed25519 public key has 32 bytes, an uncompressed point on P-256 has 65')
}

/**
 * Builds a certificate blob. `sign` gets the bytes to sign and answers the bare signature of 64 bytes, Ed25519 or r and s of ECDSA with
 * SHA-256, so that the issuer's private key may stay wherever it is. Options are put into the order of their names, as the format demands.
 */
export async function buildUserCertificate(
  fields: UserCertificate,
  sign: (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>,
): Promise<Uint8Array> {
  const type = typeOf(fields.publicKey)
  const algorithm = blobType(fields.authority)
  if (algorithm !== 'ssh-ed25519' && algorithm !== 'ecdsa-sha2-nistp256')
    throw new RangeError('the authority must be an Ed25519 or a P-256 key')
  const signed = concat(
    string(type),
    string(fields.nonce),
    ...(type === p256CertificateType ? [string('nistp256')] : []),
    string(fields.publicKey),
    u64(fields.serial),
    u32(userCertificate),
    string(fields.keyId),
    string(concat(...fields.principals.map((name) => string(name)))),
    u64(fields.validAfter),
    u64(fields.validBefore),
    string(writeOptions(fields.criticalOptions)),
    string(writeOptions(fields.extensions)),
    string(''),
    string(fields.authority),
  )
  const signature = await sign(signed)
  if (signature.length !== 64) throw new RangeError('a signature has 64 bytes')
  const bare = algorithm === 'ssh-ed25519' ? signature : concat(mpint(signature.subarray(0, 32)), mpint(signature.subarray(32)))
  return concat(signed, string(concat(string(algorithm), string(bare))))
}

/** Each option is `string name | string data`, and a value is once more a string inside that data. */
function writeOptions(options: readonly CertificateOption[]): Uint8Array {
  const sorted = [...options].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  return concat(...sorted.flatMap(({ name, value }) => [string(name), string(value === undefined ? '' : string(value))]))
}

/**
 * Takes a certificate blob apart: of an Ed25519 key, unless another type is asked for. The signature is *not* checked here; neither are times,
 * principals or options.
 */
export function parseUserCertificate(
  blob: Uint8Array,
  wanted: CertificateType = ed25519CertificateType,
): Result<SignedUserCertificate, SshKeyError> {
  if (blob.length > longestBlob) return malformed('the certificate is too long')
  const reader = new WireReader(blob)
  const type = reader.text()
  if (type !== wanted) return malformed(`not a certificate of the type ${wanted}`)
  const nonce = reader.string()
  const curve = wanted === p256CertificateType ? reader.text() : undefined
  const publicKey = reader.string()
  const serial = reader.u64()
  const kind = reader.u32()
  const keyId = reader.text()
  const principals = readList(reader.string(), (list) => list.text())
  const validAfter = reader.u64()
  const validBefore = reader.u64()
  const criticalOptions = readOptions(reader.string())
  const extensions = readOptions(reader.string())
  reader.string()
  const authority = reader.string()
  const signed = blob.subarray(0, reader.position)
  const wrapped = new WireReader(reader.string())
  const signature = { algorithm: wrapped.text(), bytes: wrapped.string() }

  const whole = reader.finish(undefined, 'the certificate')
  if (!whole.ok) return whole
  const inner = wrapped.finish(undefined, 'the signature')
  if (!inner.ok) return inner
  if (kind !== userCertificate) return malformed('not a certificate of a user')
  if (curve !== undefined && curve !== 'nistp256') return malformed('the certified key is on another curve')
  if (publicKey.length !== (curve ? 65 : 32)) return malformed('the certified key has another length than its type')
  if (!blobType(authority)) return malformed('the authority names no key type')
  if (!principals || !criticalOptions || !extensions) return malformed('principals or options are damaged')
  return ok({
    ...{ nonce, publicKey, serial, keyId, principals, validAfter, validBefore, criticalOptions, extensions, authority },
    ...{ signed, signature },
  })
}

function readList<T>(bytes: Uint8Array, next: (reader: WireReader) => T): T[] | undefined {
  const reader = new WireReader(bytes)
  const list: T[] = []
  while (reader.left > 0) {
    if (list.length >= mostEntries) return undefined
    list.push(next(reader))
  }
  return reader.short ? undefined : list
}

/** Names must come in order and once each (PROTOCOL.certkeys): a second `force-command` could hide the first. */
function readOptions(bytes: Uint8Array): CertificateOption[] | undefined {
  let sound = true
  const options = readList(bytes, (reader) => {
    const name = reader.text()
    const data = reader.string()
    if (data.length === 0) return { name }
    const inner = new WireReader(data)
    const value = inner.text()
    sound &&= !inner.short && inner.left === 0
    return { name, value }
  })
  if (!options || !sound) return undefined
  return options.every((option, i) => i === 0 || (options[i - 1]?.name ?? '') < option.name) ? options : undefined
}
