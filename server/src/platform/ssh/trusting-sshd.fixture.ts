import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fingerprint, parsePublicKeyLine } from '../../protocols/ssh-keys/index.ts'
import { freePort } from '../postgres-server/free-port.fixture.ts'
import type { PinnedHostKey } from './index.ts'

/**
 * A real sshd on loopback, with its own keys and folder, which lets the current user in by nothing but certificates: of the authorities in its file, under
 * the names that it is told. What is in the file may change while it runs.
 */
export async function startTrustingSshd(): Promise<TrustingSshd> {
  const folder = mkdtempSync(join(tmpdir(), 'claviger-sshd-'))
  const at = (name: string) => join(folder, name)
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true })
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at('host')])
  writeFileSync(at('authorities'), '')
  writeFileSync(at('principals'), '')
  const key = parsePublicKeyLine(readFileSync(at('host.pub'), 'utf8'))
  if (!key.ok) throw new Error('no host key')
  const user = userInfo().username
  const port = await freePort()
  writeFileSync(
    at('config'),
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${at('host')}`,
      'PidFile none',
      'AuthorizedKeysFile none',
      `TrustedUserCAKeys ${at('authorities')}`,
      `AuthorizedPrincipalsFile ${at('principals')}`,
      'AuthenticationMethods publickey',
      'UsePAM no',
      'StrictModes no',
      'PermitRootLogin yes',
      'LogLevel VERBOSE',
      '',
    ].join('\n'),
  )
  const child = spawn('/usr/sbin/sshd', ['-D', '-f', at('config'), '-E', at('log')], { stdio: 'ignore' })
  for (let attempt = 0; !(await answers(port)); attempt++) {
    if (attempt === 2_400 || child.exitCode !== null) throw new Error(`sshd does not start: ${readFileSync(at('log'), 'utf8')}`)
    await delay(25)
  }
  return {
    ...{ port, user, hostKey: { algorithm: key.value.type, fingerprint: fingerprint(key.value.blob) } },
    trust: (...lines) => writeFileSync(at('authorities'), `${lines.join('\n')}\n`),
    knowAs: (...names) => writeFileSync(at('principals'), `${names.join('\n')}\n`),
    log: () => readFileSync(at('log'), 'utf8'),
    async stop() {
      await stopped(child)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export interface TrustingSshd {
  port: number
  /** Who the tests are. */
  user: string
  hostKey: PinnedHostKey
  trust(...lines: string[]): void
  /** Under which names of certificates the user is let in. */
  knowAs(...names: string[]): void
  log(): string
  stop(): Promise<void>
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('data', () => {
      resolve(true)
      socket.destroy()
    })
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
  })

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await gone
}
