import { Secret } from '../../kernel/secret.ts'
import { newP256SshPair } from '../../platform/crypto/ecdsa.ts'
import { fipsInForce } from '../../platform/crypto/fips.ts'
import { randomSecretBytes } from '../../platform/crypto/random.ts'
import {
  blobType,
  buildUserCertificate,
  ed25519Blob,
  ed25519Raw,
  fingerprint,
  formatPublicKeyLine,
  p256Blob,
  parsePublicKeyLine,
} from '../../protocols/ssh-keys/index.ts'
import { newSshKey } from './generate.ts'
import type { SshAuthority } from './ssh-authority.ts'

/** For clocks of hosts that are behind ours. */
export const skewMs = 60_000
/** From the signature until the target is reached and has looked at it; then the certificate is no more. What was opened with it stays open. */
export const windowMs = 3 * 60_000

export interface LoginCertificate {
  /** The private key of the pair that was made for this, in PEM. */
  secret: Secret
  /** `ssh-ed25519-cert-v01@openssh.com AAAA…` */
  line: string
  serial: bigint
  /** Of the certified key. */
  fingerprint: string
  principal: string
  validFrom: Date
  validUntil: Date
}

/** Under this name an account is let in on its target by our certificates: on no other host, though all trust the same authority. */
export const principalOf = (account: string, target: string): string => `${account}@${target}`

/**
 * Makes a fresh pair and certifies it for one login: as one account of one target, for `windowMs` at most and never longer than `until`. What a
 * session may do besides a terminal (forwarding of agents, ports, X11) is not in it.
 */
export async function signLoginCertificate(
  authority: SshAuthority,
  ask: {
    principal: string
    keyId: string
    now: Date
    until: Date
    /** Addresses in CIDR from which it is good; none: any. */
    sources: readonly string[]
    /** What runs in place of anything that is asked for; then there is no terminal either. */
    forceCommand?: string
  },
): Promise<LoginCertificate> {
  const { secret, publicKey, blob } = freshPair()
  // 63 bits: some programs read it as a signed number
  const serial = randomSecretBytes(8).readBigUInt64BE() >> 1n
  const seconds = (date: Date) => BigInt(date.getTime() / 1000)
  const validFrom = wholeSeconds(ask.now.getTime() - skewMs)
  const validUntil = wholeSeconds(Math.min(ask.now.getTime() + windowMs, ask.until.getTime()))
  const certificate = await buildUserCertificate(
    {
      ...{ nonce: randomSecretBytes(32), publicKey, serial, keyId: ask.keyId, principals: [ask.principal] },
      ...{ validAfter: seconds(validFrom), validBefore: seconds(validUntil), authority: authority.blob },
      criticalOptions: [
        ...(ask.forceCommand === undefined ? [] : [{ name: 'force-command', value: ask.forceCommand }]),
        ...(ask.sources.length === 0 ? [] : [{ name: 'source-address', value: ask.sources.join(',') }]),
      ],
      extensions: ask.forceCommand === undefined ? [{ name: 'permit-pty' }] : [],
    },
    authority.sign,
  )
  const line = formatPublicKeyLine({ type: blobType(certificate) ?? '', blob: certificate })
  return { secret, line, serial, fingerprint: fingerprint(blob), principal: ask.principal, validFrom, validUntil }
}

/** What a certificate can say. */
const wholeSeconds = (ms: number): Date => new Date(Math.floor(ms / 1000) * 1000)

function freshPair(): { secret: Secret; publicKey: Uint8Array; blob: Uint8Array } {
  if (fipsInForce()) {
    const { pem, point } = newP256SshPair()
    return { secret: new Secret(pem), publicKey: point, blob: p256Blob(point) }
  }
  const { secret, publicLine } = newSshKey('claviger session')
  const key = parsePublicKeyLine(publicLine)
  const raw = key.ok ? ed25519Raw(key.value.blob) : key
  if (!raw.ok) throw new Error('a key that we made cannot be read')
  return { secret, publicKey: raw.value, blob: ed25519Blob(raw.value) }
}
