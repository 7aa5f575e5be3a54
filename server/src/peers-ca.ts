import { readFileSync } from 'node:fs'
import { fail, ok, type Result } from './kernel/result.ts'
import { certificateFingerprint } from './platform/crypto/certificate.ts'

const certificates = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g
const longest = 256 * 1024

/** Reads the file of CLAVIGER_PEERS_CA: certificates in PEM, one or more. Undefined where none was named. */
export function readPeersCa(path: string | undefined): Result<string | undefined, string> {
  if (path === undefined) return ok(undefined)
  const no = (what: string) => fail(`CLAVIGER_PEERS_CA: ${path} ${what}`)
  try {
    const text = readFileSync(path, 'utf8')
    if (text.length > longest) return no('is too long to be a file of certificates')
    const found = text.match(certificates) ?? []
    if (found.length === 0) return no('holds no certificate in PEM')
    for (const one of found) certificateFingerprint(one)
    return ok(`${found.join('\n')}\n`)
  } catch (error) {
    return no(`cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}
