import { ok } from '../../kernel/result.ts'
import { readP256PublicKey } from '../../platform/crypto/ecdsa.ts'
import { buildCertificate, type ServerName, toPem } from '../../protocols/x509/index.ts'
import { refuse } from '../refuse.ts'
import { minuteMs, newSerial, tlsAuthority } from '../vault/tls-authority.ts'
import type { Handler } from './handler.ts'

/** Short, so that what a gateway's memory held is soon worth nothing. The gateway asks anew at half of it. */
const certificateMs = 24 * 60 * minuteMs

/** Where our doors listen. A gateway process that was taken over gets no certificate for another name. */
const names: readonly ServerName[] = [
  { dns: 'localhost' },
  { ip: Buffer.from([127, 0, 0, 1]) },
  { ip: Buffer.from([...Array<number>(15).fill(0), 1]) },
]

export const gatewayCertificate: Handler<'gatewayCertificate'> = async ({ context, args }) => {
  const publicKey = readP256PublicKey(Buffer.from(args.publicKey, 'base64'))
  if (!publicKey) return refuse('certificate.key_kind', 'Gateways get certificates for P-256 keys.')
  const authority = await tlsAuthority(context.vault)
  if (!authority.ok) return authority
  const { name, certificate: ca, signer } = authority.value
  const now = context.now().getTime()
  const notAfter = new Date(now + certificateMs)
  const certificate = buildCertificate(
    {
      ...{ serial: newSerial(), issuer: name, subject: 'Claviger gateway', publicKey, issuerKey: signer.publicKey },
      ...{ notBefore: new Date(now - minuteMs), notAfter, use: { names } },
    },
    signer.sign,
  )
  return ok({ certificate: toPem(certificate), authority: ca, validUntil: notAfter.toISOString() })
}
