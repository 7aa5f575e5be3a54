import { execFileSync, spawn } from 'node:child_process'
import { chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts, isFree } from '../../test/support/ports.ts'

/** nobody: PgBouncer refuses to run as root. */
const nobody = 65534

export interface PgBouncer {
  port: number
  stop(): Promise<void>
}

/**
 * PgBouncer in session mode between the same ends as our gateway: TLS to the client, SCRAM without TLS to the lab's database. It
 * asks its clients by SCRAM.
 */
export async function startPgBouncer(
  folder: string,
  target: { port: number; database: string; user: string; password: string },
): Promise<PgBouncer> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const at = (name: string) => join(folder, name)
  const days = ['-days', '2', '-subj', '/CN=localhost']
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  execFileSync('openssl', ['req', '-x509', ...curve, ...days, '-keyout', at('key'), '-out', at('certificate')], { stdio: 'ignore' })
  const [port = 0] = await freePorts(1)
  writeFileSync(at('users'), `"${target.user}" "${target.password}"\n`, { mode: 0o600 })
  writeFileSync(
    at('ini'),
    `[databases]
${target.database} = host=127.0.0.1 port=${target.port} dbname=${target.database}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${at('users')}
pool_mode = session
default_pool_size = 80
max_client_conn = 200
client_tls_sslmode = require
client_tls_key_file = ${at('key')}
client_tls_cert_file = ${at('certificate')}
server_tls_sslmode = disable
ignore_startup_parameters = extra_float_digits
log_connections = 0
log_disconnections = 0
`,
    { mode: 0o600 },
  )
  const isRoot = process.getuid?.() === 0
  if (isRoot) for (const name of ['', 'key', 'certificate', 'users', 'ini']) chownSync(at(name), nobody, nobody)
  const child = spawn('pgbouncer', ['-q', at('ini')], { stdio: 'ignore', cwd: '/', ...(isRoot && { uid: nobody, gid: nobody }) })
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve())
    child.once('exit', () => resolve())
  })
  for (let tries = 0; tries < 100 && (await isFree(port)) && child.exitCode === null; tries++) await sleep(50)
  if (child.exitCode !== null || (await isFree(port))) throw new Error('PgBouncer does not start (apt-get install pgbouncer)')
  return {
    port,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}
