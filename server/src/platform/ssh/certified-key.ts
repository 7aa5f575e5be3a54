import { createRequire } from 'node:module'
import type { Client, ParsedKey } from 'ssh2'
import { parsePublicKeyLine, writeSignedLogin } from '../../protocols/ssh-keys/index.ts'

/*
 * Logins with OpenSSH certificates, which ssh2 1.17 does not know: it would name the certificate's type inside the signature too, where the key's own
 * belongs (OpenSSH's PROTOCOL.certkeys). One file, so that an upgrade has one place to look at.
 */

interface Protocol {
  _kex: { sessionID: Buffer }
  _authsQueue: string[]
  _packetRW: { write: { allocStart: number; alloc(length: number): Buffer; finalize(packet: Buffer): Buffer } }
  authPK(user: string, key: ParsedKey, algorithm?: string, sign?: Sign): void
}
type Sign = (bytes: Buffer, done: (signature: Buffer) => void) => void

const require = createRequire(import.meta.url)
const { sendPacket, convertSignature } = require('ssh2/lib/protocol/utils.js') as {
  sendPacket(protocol: Protocol, packet: Buffer): boolean
  convertSignature(signature: Buffer, type: string): Buffer | false
}

/** The type of the key that a certificate of this type certifies. */
const plainTypes: Readonly<Record<string, string>> = {
  'ssh-ed25519-cert-v01@openssh.com': 'ssh-ed25519',
  'ecdsa-sha2-nistp256-cert-v01@openssh.com': 'ecdsa-sha2-nistp256',
}

/** A private key that is offered as its certificate; undefined when the line is no certificate of this type of key. */
export function certifiedKey(key: ParsedKey, line: string): ParsedKey | undefined {
  const certificate = parsePublicKeyLine(line)
  if (!certificate.ok || plainTypes[certificate.value.type] !== key.type) return undefined
  const { type, blob } = certificate.value
  // what ssh2 looks for on a key that it parsed stays reachable
  return Object.create(key, {
    type: { value: type },
    getPublicSSH: { value: () => Buffer.from(blob) },
    sign: { value: (bytes: Buffer) => key.sign(bytes) },
  }) as ParsedKey
}

const string = (bytes: Uint8Array | string): Buffer => {
  const of = Buffer.from(bytes as Uint8Array)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(of.length)
  return Buffer.concat([length, of])
}

/** Has a client that was told to connect send the signature of a certified key as sshd wants it; everything else stays ssh2's. */
export function offerCertificates(client: Client): void {
  const protocol = (client as unknown as { _protocol: Protocol })._protocol
  const { authPK } = protocol
  protocol.authPK = (user, key, algorithm, sign) => {
    const plain = plainTypes[key.type]
    if (plain === undefined || sign === undefined) return authPK.call(protocol, user, key, algorithm, sign)
    const login = { sessionId: protocol._kex.sessionID, user, algorithm: key.type, key: key.getPublicSSH() }
    const signed = Buffer.from(writeSignedLogin(login))
    sign(signed, (signature) => {
      const bare = convertSignature(signature, plain)
      if (bare === false) throw new Error('a signature cannot be written for SSH')
      // the request is what was signed behind the session's id (RFC 4252 section 7)
      const request = Buffer.concat([signed.subarray(4 + login.sessionId.length), string(Buffer.concat([string(plain), string(bare)]))])
      const { write } = protocol._packetRW
      const start = write.allocStart
      const packet = write.alloc(request.length)
      packet.set(request, start)
      protocol._authsQueue.push('publickey')
      sendPacket(protocol, write.finalize(packet))
    })
  }
}
