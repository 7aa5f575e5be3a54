import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprint, parsePublicKeyLine } from '../../server/src/protocols/ssh-keys/index.ts'
import { type InitialCredentials, writeKeyPair } from './initial-credentials.ts'
import { ownTerminals } from './own-terminals.ts'

/** What a shape of web01 hands to the starter. */
export interface Prepared {
  command: readonly string[]
  input: string
  hostKeyFingerprint: string
  /** In sshd's notation. */
  authorizedKeysFile?: string
  /** What it cannot do on this machine, and the line that helps. */
  warning?: string
}

/**
 * Without root there is one account, one's own. Its real authorized keys are not touched: this server reads a file in
 * the lab's folder, takes keys only, and lets in nobody else.
 */
export function prepareOwnAccount(folder: string, port: number, initial: InitialCredentials): Prepared {
  const hostKey = join(folder, 'host_ed25519')
  const authorizedKeysFile = join(folder, 'authorized_keys')
  const [me] = initial.accounts
  if (!existsSync(hostKey)) writeKeyPair(hostKey, 'web01')
  if (!existsSync(authorizedKeysFile)) {
    const keys = [me?.privateKeyFile, initial.formerAdmin.privateKeyFile].map((file) => readFileSync(`${file}.pub`, 'utf8'))
    writeFileSync(authorizedKeysFile, `# web01: who may come in\n${keys.join('')}`, { mode: 0o600 })
  }
  const config = join(folder, 'sshd_config')
  writeFileSync(
    config,
    [
      '# written at every start',
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${quoted(hostKey)}`,
      'PidFile none',
      `AuthorizedKeysFile ${quoted(escaped(authorizedKeysFile))}`,
      // the folder is 0700 and ours, but it may lie below one that everybody can write to
      'StrictModes no',
      `AllowUsers ${me?.name}`,
      'PubkeyAuthentication yes',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'UsePAM no',
      'Subsystem sftp internal-sftp',
      '',
    ].join('\n'),
    { mode: 0o600 },
  )
  const { enter, warning } = ownTerminals(folder)
  return {
    command: [...enter, '/usr/sbin/sshd', '-D', '-e', '-f', config],
    input: '',
    hostKeyFingerprint: fingerprintOf(hostKey),
    authorizedKeysFile,
    ...(warning !== undefined && { warning }),
  }
}

export function fingerprintOf(privateKeyFile: string): string {
  const key = parsePublicKeyLine(readFileSync(`${privateKeyFile}.pub`, 'utf8'))
  if (!key.ok) throw new Error(`${privateKeyFile}.pub: ${key.error.detail}`)
  return fingerprint(key.value.blob)
}

/** sshd splits values at blanks, and expands `%` in some of them (sshd_config(5), TOKENS). */
const quoted = (path: string) => `"${path}"`
const escaped = (path: string) => path.replaceAll('%', '%%')
