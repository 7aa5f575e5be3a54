import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../../platform/postgres-server/free-port.fixture.ts'
import { type Daemon, give, startDaemon } from '../../test/daemon.ts'
import { type SelfSigned, selfSigned } from '../../test/self-signed.ts'

export const root = { name: 'root_of_test', password: 'root-of-this-test' }

export interface RunningRedis {
  port: number
  tls: SelfSigned
  /** One command as an all-powerful user, past our code; the reply as redis-cli prints it. */
  cli(...command: string[]): string
  /** Everything that it wrote down: its log and its users. */
  logs(): string
  restart(): Promise<void>
  stop(): Promise<void>
}

/** A Redis of its own on loopback with TLS. `keeps`: where its users are kept over a restart. */
export async function startRedis(keeps: 'aclfile' | 'config' | 'memory'): Promise<RunningRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'claviger-redis-'))
  chmodSync(folder, 0o700)
  const tls = selfSigned('127.0.0.1')
  const port = await freePort()
  const path = (name: string): string => join(folder, name)
  writeFileSync(path('cert.pem'), tls.certificate)
  writeFileSync(path('key.pem'), tls.key, { mode: 0o600 })
  const rootUser = `user ${root.name} on >${root.password} ~* &* +@all\n`
  const settings: [string, string][] = [
    ['bind', '127.0.0.1'],
    ['port', '0'],
    ['tls-port', String(port)],
    ['tls-cert-file', path('cert.pem')],
    ['tls-key-file', path('key.pem')],
    ['tls-ca-cert-file', path('cert.pem')],
    ['tls-auth-clients', 'no'],
    ['dir', folder],
    ['logfile', path('log')],
    ['loglevel', 'debug'],
    ['save', ''],
    ['daemonize', 'no'],
    ...(keeps === 'aclfile' ? [['aclfile', path('users.acl')] as [string, string]] : []),
  ]
  writeFileSync(path('users.acl'), `${rootUser}user default off\n`)
  writeFileSync(
    path('redis.conf'),
    settings.map(([name, value]) => `${name} ${value === '' ? '""' : value}\n`).join('') + (keeps === 'config' ? rootUser : ''),
  )
  give('redis', folder, ...['cert.pem', 'key.pem', 'users.acl', 'redis.conf'].map(path))
  const command =
    keeps === 'memory'
      ? ['redis-server', ...settings.flatMap(([name, value]) => [`--${name}`, value])]
      : ['redis-server', path('redis.conf')]
  let daemon: Daemon = await startDaemon('redis', command, port)
  const cli = (...words: string[]): string =>
    execFileSync(
      'redis-cli',
      ['--tls', '--cacert', path('cert.pem'), '-h', '127.0.0.1', '-p', String(port), '--no-auth-warning', ...words],
      {
        encoding: 'utf8',
        env: { ...process.env, REDISCLI_AUTH: keeps === 'memory' ? '' : root.password },
      },
    )
  return {
    ...{ port, tls },
    cli: (...words) => cli(...(keeps === 'memory' ? [] : ['--user', root.name]), ...words),
    logs: () =>
      [readFileSync(path('log'), 'latin1'), readFileSync(path('users.acl'), 'latin1'), readFileSync(path('redis.conf'), 'latin1')].join(
        '\n',
      ),
    async restart() {
      await daemon.stop()
      daemon = await startDaemon('redis', command, port)
    },
    async stop() {
      await daemon.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
