import { hash } from 'node:crypto'
import { bits, der, integer, octets, oid, sequence, time, utf8, yes } from './der.ts'

/** What a certificate says. Keys are SubjectPublicKeyInfo in DER, as node:crypto exports them with type `spki`. */
export interface CertificateFields {
  /** Random bytes, at most 20; RFC 5280 section 4.1.2.2. */
  serial: Uint8Array
  /** Common names. */
  issuer: string
  subject: string
  notBefore: Date
  notAfter: Date
  publicKey: Uint8Array
  issuerKey: Uint8Array
  /** `authority`: signs certificates of servers, and no other authorities. Otherwise a server under these names. */
  use: 'authority' | { names: readonly ServerName[] }
}

/** A DNS name, or an IP address as its 4 or 16 bytes. */
export type ServerName = { dns: string } | { ip: Uint8Array }

const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'))
const commonName = (text: string) => sequence(der(0x31, sequence(oid('2.5.4.3'), utf8(text))))

/**
 * An X.509 v3 certificate (RFC 5280) in DER, of the two shapes that we issue, signed with ECDSA and SHA-256. `sign` answers
 * the signature as `SEQUENCE { r, s }`.
 */
export function buildCertificate(fields: CertificateFields, sign: (bytes: Uint8Array) => Uint8Array): Buffer {
  const { use } = fields
  const extensions = [
    use === 'authority' ? extension('2.5.29.19', sequence(yes, integer(Buffer.from([0]))), true) : extension('2.5.29.19', sequence(), true),
    // keyCertSign; digitalSignature
    extension('2.5.29.15', use === 'authority' ? bits(Buffer.from([0x04]), 2) : bits(Buffer.from([0x80]), 7), true),
    extension('2.5.29.14', octets(keyId(fields.publicKey))),
    extension('2.5.29.35', sequence(der(0x80, keyId(fields.issuerKey)))),
    ...(use === 'authority'
      ? []
      : [
          extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1'))), // server authentication
          extension(
            '2.5.29.17',
            sequence(...use.names.map((n) => ('dns' in n ? der(0x82, Buffer.from(n.dns, 'ascii')) : der(0x87, n.ip)))),
          ),
        ]),
  ]
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(fields.serial),
    ecdsaWithSha256,
    commonName(fields.issuer),
    sequence(time(fields.notBefore), time(fields.notAfter)),
    commonName(fields.subject),
    fields.publicKey,
    der(0xa3, sequence(...extensions)),
  )
  return sequence(body, ecdsaWithSha256, bits(sign(body)))
}

const extension = (id: string, value: Buffer, critical = false): Buffer => sequence(oid(id), ...(critical ? [yes] : []), octets(value))

/** RFC 7093 section 2, method 4 in spirit: any value that is unique for the key will do. */
const keyId = (publicKey: Uint8Array): Buffer => hash('sha256', publicKey, 'buffer').subarray(0, 20)

export const toPem = (certificate: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(certificate).toString('base64').replace(/.{64}/g, '$&\n').trimEnd()}\n-----END CERTIFICATE-----\n`
