import {
  createCipheriv,
  diffieHellman,
  generateKeyPairSync,
  getFips,
  hash,
  hkdfSync,
  type KeyPairKeyObjectResult,
  pbkdf2Sync,
  setFips,
  sign,
} from 'node:crypto'
import { fail, ok, type Result } from '../../kernel/result.ts'

/*
 * The FIPS profile: OpenSSL gives what its FIPS provider approves, and nothing else. Node brings no such provider; it is loaded by the configuration of
 * OpenSSL that OPENSSL_CONF names (docs/security.md, "FIPS profile").
 */

/** Whether this process is given approved algorithms only. Asked for where something is chosen: what is not approved throws by itself. */
export const fipsInForce = (): boolean => getFips() === 1

const keys = (type: 'ed25519' | 'ec'): KeyPairKeyObjectResult =>
  type === 'ec' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519')

const newest = 'Ed25519'

/** What the vault path is made of. Each is done once: `setFips` alone says yes where there is no provider, and then nothing works. */
const needed: Record<string, () => unknown> = {
  'SHA-256': () => hash('sha256', ''),
  'HKDF-SHA-256': () => hkdfSync('sha256', Buffer.alloc(32), new Uint8Array(), 'probe', 32),
  'AES-256-GCM': () => createCipheriv('aes-256-gcm', Buffer.alloc(32), Buffer.alloc(12)).final(),
  'PBKDF2-HMAC-SHA-256': () => pbkdf2Sync('a probe of its length', Buffer.alloc(16), 1000, 32, 'sha256'),
  'ECDH P-256': () => diffieHellman({ privateKey: keys('ec').privateKey, publicKey: keys('ec').publicKey }),
  'ECDSA P-256': () => sign('sha256', Buffer.alloc(1), keys('ec').privateKey),
  [newest]: () => sign(null, Buffer.alloc(1), keys('ed25519').privateKey),
}

/** What no FIPS provider gives: whoever is given it is in no profile. */
const unapproved: Record<string, () => unknown> = {
  MD5: () => hash('md5', ''),
  'ChaCha20-Poly1305': () => createCipheriv('chacha20-poly1305', Buffer.alloc(32), Buffer.alloc(12), { authTagLength: 16 }),
  X25519: () => generateKeyPairSync('x25519'),
}

const works = (probe: () => unknown): boolean => {
  try {
    probe()
    return true
  } catch {
    return false
  }
}

/** Puts this process into the profile. The refusal is the sentence for whoever starts it; then the process is as it was. */
export function enterFips(): Result<void, string> {
  const before = fipsInForce()
  try {
    if (!before) setFips(true)
  } catch (error) {
    return fail(`CLAVIGER_FIPS: ${noProvider} (${error instanceof Error ? error.message : String(error)})`)
  }
  const wrong = whatIsWrong()
  if (wrong === undefined) return ok(undefined)
  if (!before) setFips(false)
  return fail(`CLAVIGER_FIPS: ${wrong}`)
}

function whatIsWrong(): string | undefined {
  const missing = Object.entries(needed).flatMap(([name, probe]) => (works(probe) ? [] : [name]))
  const extra = Object.entries(unapproved).flatMap(([name, probe]) => (works(probe) ? [name] : []))
  // not all of them: what was used before stays usable
  if (missing.some((name) => name !== newest)) return noProvider
  if (missing.length > 0)
    return "OpenSSL's FIPS provider here does not give Ed25519, which is approved since FIPS 186-5: use a provider of OpenSSL 3.4 or newer."
  return extra.length > 0 ? `OpenSSL still gives ${extra.join(', ')}, so the profile is not in force.` : undefined
}

const noProvider =
  "OpenSSL's FIPS provider is not there, so nothing was started. Install it (Debian 13: apt-get install openssl-provider-fips), write a configuration that loads it (docs/security.md, FIPS profile), and set OPENSSL_CONF to that file."

/** For each Node that a part of ours starts: it does not begin without the provider, and nothing in it can leave the profile. */
export const fipsArguments = (): string[] => (fipsInForce() ? ['--force-fips'] : [])

export function fipsEnvironment(): Record<string, string> {
  const { OPENSSL_CONF, OPENSSL_MODULES } = process.env
  return fipsInForce()
    ? { ...(OPENSSL_CONF !== undefined && { OPENSSL_CONF }), ...(OPENSSL_MODULES !== undefined && { OPENSSL_MODULES }) }
    : {}
}
