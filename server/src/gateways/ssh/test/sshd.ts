import { type ChildProcess, spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Secret } from '../../../kernel/secret.ts'
import { freePort } from '../../../platform/postgres-server/free-port.fixture.ts'
import { generateKey, type KeyFile } from './folder.ts'
import type { MemoryTarget } from './memory-host.ts'

export interface Sshd {
  port: number
  hostKey: KeyFile
  user: string
  /** As an in-memory target of the door, with the host key pinned. */
  target: MemoryTarget
  stop(): Promise<void>
}

/** A real sshd on loopback that lets the current user in by one key, and touches nothing outside its folder. */
export async function startSshd(folder: string): Promise<Sshd> {
  mkdirSync(folder, { recursive: true })
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true })
  const hostKey = generateKey(join(folder, 'host'))
  const userKey = generateKey(join(folder, 'user'))
  const authorised = join(folder, 'authorized_keys')
  copyFileSync(`${userKey.path}.pub`, authorised)
  const user = userInfo().username

  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort()
    const config = join(folder, 'sshd_config')
    writeFileSync(config, configOf({ port, hostKey: hostKey.path, authorised, pid: join(folder, 'pid') }))
    const child = spawn('/usr/sbin/sshd', ['-D', '-f', config, '-E', join(folder, 'log')], { stdio: 'ignore' })
    if (await listens(port, child)) {
      const login = () => ({ account: user, credential: { kind: 'ssh-key' as const, secret: Secret.fromText(userKey.pem) } })
      const identity = { algorithm: hostKey.type, fingerprint: hostKey.fingerprint }
      return { port, hostKey, user, target: { host: '127.0.0.1', port, identity, login }, stop: () => stopped(child) }
    }
    await stopped(child)
    if (attempt === 5) throw new Error('sshd does not start')
  }
}

const configOf = (at: { port: number; hostKey: string; authorised: string; pid: string }) => `
Port ${at.port}
ListenAddress 127.0.0.1
HostKey ${at.hostKey}
PidFile ${at.pid}
AuthorizedKeysFile ${at.authorised}
AuthenticationMethods publickey
UsePAM no
StrictModes no
PermitRootLogin yes
MaxStartups 100
LogLevel ERROR
PrintMotd no
PrintLastLog no
AcceptEnv LANG LC_*
Subsystem sftp internal-sftp
`

async function listens(port: number, child: ChildProcess): Promise<boolean> {
  for (let attempt = 0; attempt < 2_400 && child.exitCode === null; attempt += 1) {
    const up = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      socket.once('data', () => resolve(true)).once('error', () => resolve(false))
      socket.once('close', () => resolve(false))
    })
    if (up) return true
    await delay(25)
  }
  return false
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await gone
}
