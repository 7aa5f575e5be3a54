import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { freePort } from '../../../platform/postgres-server/free-port.fixture.ts'
import { certified } from '../../../platform/tls/certified.fixture.ts'

export const administrator = { account: 'Administrator', password: 'Adm1n: only for tests' }
export const domain = { short: 'CORP', base: 'DC=corp,DC=pam,DC=test', controller: 'dc1.corp.pam.test' }

export interface Samba {
  /** Where its LDAPS and its LDAP are reached from here. */
  port: { ldaps: number; ldap: number }
  /** Who signed its certificate, in PEM. */
  authority: string
  /** As it is pinned. */
  identity: { proof: string; certificate: string }
  folder: string
  /** samba-tool(8) on its database. */
  tool(...args: string[]): string
  /** Changes entries behind its back, as LDIF. */
  change(ldif: string): void
  /** The way to it is cut, or there again. */
  cut(): void
  mend(): void
  /** Freezes and thaws the server, for one that does not answer. */
  freeze(): void
  thaw(): void
  stop(): Promise<void>
}

/**
 * A real domain controller (Samba). Its ports cannot be chosen, so it runs in a network of its own, and what arrives at two ports of this
 * machine is carried in through a Unix socket: no address of this machine is touched, and two of them do not meet.
 */
export async function startSamba(): Promise<Samba> {
  const folder = mkdtempSync(join(tmpdir(), 'claviger-ad-'))
  const conf = join(folder, 'etc/smb.conf')
  const run = (command: string, args: readonly string[], input?: string): string =>
    execFileSync(command, args, { encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'], ...(input !== undefined && { input }) })
  const tool = (...args: string[]): string => run('samba-tool', [...args, '-s', conf])
  const secret = `--adminpass=${administrator.password}`
  run('samba-tool', [
    ...[
      'domain',
      'provision',
      '--use-rfc2307',
      '--realm=CORP.PAM.TEST',
      `--domain=${domain.short}`,
      '--server-role=dc',
      '--dns-backend=NONE',
    ],
    ...[secret, '--host-name=dc1', '--host-ip=127.0.0.1', `--targetdir=${folder}`, '--option=interfaces=lo'],
    ...['--option=bind interfaces only=yes', '--option=vfs objects=dfs_samba4 acl_xattr'],
  ])
  tool('domain', 'passwordsettings', 'set', '--min-pwd-age=0', '--history-length=3', '--account-lockout-threshold=5')
  const { authority, certificate, key, fingerprint } = certified(domain.controller)
  for (const [name, text] of Object.entries({ 'ca.pem': authority, 'cert.pem': certificate, 'key.pem': key }))
    writeFileSync(join(folder, name), text, { mode: 0o600 })
  const child = spawn('unshare', [...namespace, 'sh', '-c', inside, 'samba', process.execPath, import.meta.dirname, folder, conf], {
    stdio: ['ignore', 'ignore', 'ignore'],
    detached: true,
  })
  const gone = new Promise((resolve) => child.once('exit', resolve))
  const doors = await Promise.all([door(join(folder, 'ldaps.sock')), door(join(folder, 'ldap.sock'))])
  const stop = async (): Promise<void> => {
    for (const one of doors) one.close()
    endGroup(child)
    await gone
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await answering(child, join(folder, 'ldaps.sock'))
  } catch (error) {
    await stop()
    throw error
  }
  const [ldaps, ldap] = doors as [Door, Door]
  return {
    port: { ldaps: ldaps.port, ldap: ldap.port },
    authority,
    identity: { proof: 'tls-certificate', certificate: fingerprint },
    folder,
    tool,
    change: (ldif) => void run('ldbmodify', ['-H', join(folder, 'private/sam.ldb')], ldif),
    cut: () => doors.forEach((one) => void one.cut()),
    mend: () => doors.forEach((one) => void one.mend()),
    freeze: () => signal(child, 'SIGSTOP'),
    thaw: () => signal(child, 'SIGCONT'),
    stop,
  }
}

const namespace = process.getuid?.() === 0 ? ['-n'] : ['-r', '-n']
const inside = `
  ip link set lo up && ip addr add 127.0.0.10/8 dev lo || exit 1
  "$1" "$2/carry-in.ts" "$3/ldaps.sock" 127.0.0.10 636 "$3/ldap.sock" 127.0.0.10 389 &
  exec samba -F -M single --no-process-group -s "$4" --debug-stdout --option="interfaces=127.0.0.10/32" \\
    --option="bind interfaces only=yes" --option="server services=ldap" --option="pid directory=$3" --option="ncalrpc dir=$3/ncalrpc" \\
    --option="tls cafile=$3/ca.pem" --option="tls certfile=$3/cert.pem" --option="tls keyfile=$3/key.pem" \\
    --option="unix password sync=no" --option="pam password change=no"`

const signal = (child: ChildProcess, name: NodeJS.Signals): void => {
  if (child.pid !== undefined) process.kill(child.pid, name)
}

/** The namespace's whole process group: samba, and what carries bytes in. */
function endGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  } catch {
    // nobody left
  }
}

interface Door {
  port: number
  cut(): void
  mend(): Promise<void>
  close(): void
}

/** A port of loopback that leads to a Unix socket. */
async function door(path: string): Promise<Door> {
  const port = await freePort()
  const open = new Set<Socket>()
  let server: Server | undefined
  const mend = (): Promise<void> =>
    new Promise((resolve) => {
      server = createServer((socket) => {
        const there = connect(path)
        for (const one of [socket, there]) {
          open.add(one)
          one.on('error', () => {}).once('close', () => open.delete(one))
        }
        socket.pipe(there).pipe(socket)
        socket.once('close', () => there.destroy())
        there.once('close', () => socket.destroy())
      }).listen(port, '127.0.0.1', () => resolve())
    })
  const cut = (): void => {
    server?.close()
    for (const one of open) one.destroy()
  }
  await mend()
  return { port, cut, mend, close: cut }
}

/** Ready when it shakes hands by TLS through the namespace: what carries bytes in takes connections before samba listens. */
async function answering(child: ChildProcess, path: string): Promise<void> {
  for (let attempt = 0; attempt < 600 && child.exitCode === null; attempt++) {
    const shakes = await new Promise<boolean>((resolve) => {
      // whose certificate it is, is for those who use it to judge
      const probe = connectTls({ socket: connect(path), rejectUnauthorized: false })
      const settle = (result: boolean): void => {
        resolve(result)
        probe.destroy()
      }
      probe.once('error', () => settle(false)).once('close', () => settle(false))
      probe.once('secureConnect', () => settle(true))
    })
    if (shakes) return
    await sleep(100)
  }
  throw new Error('the domain controller does not answer')
}
