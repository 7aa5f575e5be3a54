// protocols/ssh-keys/index.ts — OpenSSH's formats of keys: bytes in, values out. No sockets, no files, no randomness.
export {
  type AuthorizedLine,
  formatAuthorizedKeys,
  type KeyOption,
  longestAuthorizedKeys,
  parseAuthorizedKeys,
  parseAuthorizedLine,
} from './authorized-keys.ts'
export {
  buildUserCertificate,
  type CertificateOption,
  type CertificateType,
  ed25519CertificateType,
  forEver,
  p256CertificateType,
  parseUserCertificate,
  type SignedUserCertificate,
  type UserCertificate,
} from './certificate.ts'
export { type PrivateKeyFace, readPrivateKeyFace, writeEd25519PrivateKey } from './private-key.ts'
export {
  blobType,
  ed25519Blob,
  ed25519Raw,
  fingerprint,
  formatPublicKeyLine,
  type PublicKey,
  p256Blob,
  parsePublicKeyLine,
} from './public-key.ts'
export { parseSignedLogin, type SignedLogin, writeSignedLogin } from './signed-login.ts'
export type { SshKeyError } from './wire.ts'
