import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder that goes away with the test. */
export function temporaryFolder(): { path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), 'claviger-ssh-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

export interface KeyFile {
  path: string
  /** The private key. */
  pem: string
  type: string
  /** The public key's blob in base64. */
  blob: string
  /** `SHA256:…` */
  fingerprint: string
}

export function generateKey(path: string, type = 'ed25519'): KeyFile {
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', 'test', '-f', path])
  const [algorithm = '', blob = ''] = readFileSync(`${path}.pub`, 'utf8').split(' ')
  const fingerprint = execFileSync('ssh-keygen', ['-l', '-f', `${path}.pub`], { encoding: 'utf8' }).split(' ')[1] ?? ''
  return { path, pem: readFileSync(path, 'utf8'), type: algorithm, blob, fingerprint }
}
