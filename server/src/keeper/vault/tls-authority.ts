import { ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import { newP256Key, type P256Signer, p256Signer } from '../../platform/crypto/ecdsa.ts'
import { randomSecretBytes } from '../../platform/crypto/random.ts'
import { buildCertificate, toPem } from '../../protocols/x509/index.ts'
import type { KeeperRefusal } from '../contract.ts'
import { refuse } from '../refuse.ts'
import type { Vault } from './vault.ts'

/** The authority under which our doors show certificates to clients that speak TLS. */
export interface TlsAuthority {
  /** Its common name. */
  name: string
  signer: P256Signer
  /** PEM; what a client is given as `sslrootcert`. Bound to the key, so that a row with another one does not open. */
  certificate: string
}

const owner = { kind: 'system', id: 'tls-ca', what: 'p256-key' }
const years = 10
export const minuteMs = 60_000

/** Made once. Its certificate stands beside the key, since people keep copies of it. */
export async function ensureTlsAuthority(vault: Vault, now: Date): Promise<void> {
  if (await vault.find(owner, 'current')) return
  const { privateKey } = newP256Key()
  const signer = p256Signer(privateKey)
  const name = `Claviger gateways ${randomSecretBytes(4).toString('hex')}`
  const notAfter = new Date(now)
  notAfter.setUTCFullYear(now.getUTCFullYear() + years)
  const certificate = buildCertificate(
    {
      ...{ serial: newSerial(), issuer: name, subject: name, publicKey: signer.publicKey, issuerKey: signer.publicKey },
      ...{ notBefore: new Date(now.getTime() - minuteMs), notAfter, use: 'authority' },
    },
    signer.sign,
  )
  const line = JSON.stringify({ name, certificate: toPem(certificate) })
  await vault.put(owner, 'system', new Secret(privateKey), { state: 'current', public: line, escrow: true })
}

export async function tlsAuthority(vault: Vault): Promise<Result<TlsAuthority, KeeperRefusal>> {
  const opened = await vault.openState(owner, 'current')
  if (!opened.ok) return opened
  const signer = await opened.value.secret.use('sign', (bytes) => p256Signer(bytes))
  if (opened.value.public === null) return refuse('vault.does_not_open', 'The authority for gateways has no certificate. Restore a backup.')
  const { name, certificate } = JSON.parse(opened.value.public) as { name: string; certificate: string }
  return ok({ name, certificate, signer })
}

/** RFC 5280 section 4.1.2.2: positive, at most 20 bytes. */
export const newSerial = (): Buffer => Buffer.concat([Buffer.from([1]), randomSecretBytes(15)])
