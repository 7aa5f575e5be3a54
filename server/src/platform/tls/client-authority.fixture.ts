import { bits, der, integer, oid, sequence, time, utf8 } from '../../protocols/x509/der.ts'
import { buildCertificate, toPem } from '../../protocols/x509/index.ts'
import { newP256Key, p256Signer, privateKeyPem } from '../crypto/ecdsa.ts'
import { randomSecretBytes } from '../crypto/random.ts'

const hourMs = 3_600_000
const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'))
const commonName = (text: string) => sequence(der(0x31, sequence(oid('2.5.4.3'), utf8(text))))

/** For tests: an authority of clients in PEM, and what it certifies for a name, with the key, as people bring it in. */
export function clientAuthority(name: string): { ca: string; certify(subject: string, untilMs?: number): string } {
  const own = newP256Key()
  const { sign } = p256Signer(own.privateKey)
  const at = (ms: number) => new Date(Date.now() + ms)
  const ca = buildCertificate(
    {
      ...{ serial: Buffer.from([1]), issuer: name, subject: name, publicKey: own.publicKey, issuerKey: own.publicKey },
      ...{ notBefore: at(-hourMs), notAfter: at(hourMs), use: 'authority' },
    },
    sign,
  )
  return {
    ca: toPem(ca),
    certify(subject, untilMs = hourMs) {
      const key = newP256Key()
      const body = sequence(
        der(0xa0, integer(Buffer.from([2]))),
        integer(Buffer.concat([Buffer.from([1]), randomSecretBytes(8)])),
        ...[
          ecdsaWithSha256,
          commonName(name),
          sequence(time(at(-2 * hourMs)), time(at(untilMs))),
          commonName(subject),
          Buffer.from(key.publicKey),
        ],
      )
      const certificate = sequence(body, ecdsaWithSha256, bits(sign(body)))
      return `${toPem(certificate)}${privateKeyPem(key.privateKey)}`
    },
  }
}
