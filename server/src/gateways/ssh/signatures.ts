import ssh2 from 'ssh2'
import { blobType, ed25519Blob, ed25519CertificateType, formatPublicKeyLine, parseUserCertificate } from '../../protocols/ssh-keys/index.ts'
import { WireReader } from '../../protocols/ssh-keys/wire.ts'

/** Keys that may sign a person in. An RSA key signs with SHA-2 only (RFC 8332); DSA and SHA-1 are out. */
const keyTypes = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'ssh-rsa']
/** What they sign with, as clients are told. */
export const signatures: readonly string[] = keyTypes.flatMap((type) => (type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256'] : [type]))
/** An RSA key of 8192 bits is about 1100 bytes; what is longer costs more to check than anyone needs. */
const longestKey = 1200

/** What a client offers in a `publickey` request, as ssh2 hands it out. */
export interface OfferedKey {
  key: { algo: string; data: Buffer }
  hashAlgo?: string | undefined
  /** The bytes that the client signed (RFC 4252 section 7), and the signature over them. */
  blob?: Buffer | undefined
  signature?: Buffer | undefined
}

/** True for keys whose signatures are checked here. The blob must name the same type as the request. */
export function keyIsAcceptable({ key, hashAlgo }: OfferedKey): boolean {
  if (!keyTypes.includes(key.algo) || key.data.length > longestKey || blobType(key.data) !== key.algo) return false
  return key.algo !== 'ssh-rsa' || hashAlgo === 'sha256' || hashAlgo === 'sha512'
}

/** True when the client holds the private half of the key that it offers. */
export function keySigned({ key, hashAlgo, blob, signature }: OfferedKey): boolean {
  return blob !== undefined && signature !== undefined && verifies(key.algo, key.data, blob, signature, hashAlgo)
}

function verifies(type: string, key: Uint8Array, signed: Buffer, signature: Buffer, hash?: string): boolean {
  const parsed = [ssh2.utils.parseKey(formatPublicKeyLine({ type, blob: key }))].flat()[0]
  if (!parsed || parsed instanceof Error || parsed.isPrivateKey()) return false
  // ssh2 answers an Error where the signature does not even have the right form
  return (parsed.verify as (data: Buffer, signature: Buffer, hash?: string) => boolean | Error)(signed, signature, hash) === true
}

export const isCertificate = (algorithm: string): boolean => algorithm.includes('-cert-v')

/** True for certificates that can be checked here: those that `claviger login` gives out, for an Ed25519 key. */
export const certificateIsAcceptable = ({ key }: OfferedKey): boolean =>
  key.algo === ed25519CertificateType && parseUserCertificate(key.data).ok

/**
 * The bare signature by which the client proves that it holds the certified key; undefined when it does not. Whether the
 * certificate itself is worth anything is decided by the keeper.
 */
export function certificatePossession({ key, blob, signature }: OfferedKey): { signed: Uint8Array; signature: Uint8Array } | undefined {
  const certificate = parseUserCertificate(key.data)
  if (!certificate.ok || !blob || !signature) return undefined
  // ssh2 leaves a certificate's signature wrapped: `string algorithm | string signature`
  const wrapped = new WireReader(signature)
  const algorithm = wrapped.text()
  const bare = Buffer.from(wrapped.string())
  if (wrapped.short || wrapped.left > 0 || algorithm !== 'ssh-ed25519' || bare.length !== 64) return undefined
  if (!verifies('ssh-ed25519', ed25519Blob(certificate.value.publicKey), blob, bare)) return undefined
  return { signed: blob, signature: bare }
}
