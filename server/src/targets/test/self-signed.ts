import { generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto'

const der = (tag: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts)
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 255]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}
const hex = (text: string): Buffer => Buffer.from(text, 'hex')
const ecdsaWithSha256 = der(0x30, der(0x06, hex('2a8648ce3d040302')))
const name = der(0x30, der(0x31, der(0x30, der(0x06, hex('550403')), der(0x0c, Buffer.from('a target of a test')))))
const time = (date: Date): Buffer => {
  const digits = date.toISOString().replace(/[-:T]|\.\d+/g, '')
  return der(0x17, Buffer.from(digits.slice(2)))
}
const day = 86_400_000

export interface SelfSigned {
  certificate: string
  key: string
  /** As it is pinned: `SHA256:<hex>`. */
  fingerprint: string
}

/** A self-signed server certificate for an IPv4 address (X.509 v3, RFC 5280), valid from yesterday until tomorrow. */
export function selfSigned(address: string): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const alternativeName = der(0x30, der(0x87, Buffer.from(address.split('.').map(Number))))
  const extensions = der(0xa3, der(0x30, der(0x30, der(0x06, hex('551d11')), der(0x04, alternativeName))))
  const body = der(
    0x30,
    ...[der(0xa0, der(0x02, hex('02'))), der(0x02, Buffer.concat([hex('01'), randomBytes(8)])), ecdsaWithSha256, name],
    ...[der(0x30, time(new Date(Date.now() - day)), time(new Date(Date.now() + day))), name],
    ...[publicKey.export({ type: 'spki', format: 'der' }), extensions],
  )
  const signed = der(0x30, body, ecdsaWithSha256, der(0x03, hex('00'), sign('sha256', body, privateKey)))
  const lines = signed.toString('base64').replace(/.{64}/g, '$&\n').trimEnd()
  const certificate = `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`
  return {
    certificate,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    fingerprint: `SHA256:${new X509Certificate(certificate).fingerprint256.replaceAll(':', '').toLowerCase()}`,
  }
}
