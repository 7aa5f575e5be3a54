import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mysql from 'mysql2/promise'
import { freePort } from '../../../platform/postgres-server/free-port.fixture.ts'
import { type Daemon, give, startDaemon } from '../../test/daemon.ts'
import { type SelfSigned, selfSigned } from '../../test/self-signed.ts'

export const manager = { account: 'claviger_admin', password: 'the manager, for this test only' }

export interface Mariadb {
  port: number
  tls: SelfSigned
  /** One statement as the server's own root, past our code. */
  sql<Row extends object = object>(statement: string, values?: unknown[]): Promise<Row[]>
  /** Everything that it wrote down: errors, the general log, slow statements, the binary log. */
  logs(): string
  restart(): Promise<void>
  stop(): Promise<void>
}

/** A MariaDB of its own on loopback with TLS, as talkative as one can be. */
export async function startMariadb(): Promise<Mariadb> {
  const folder = mkdtempSync(join(tmpdir(), 'claviger-my-'))
  chmodSync(folder, 0o711)
  const data = join(folder, 'data')
  // of its own: servers whose processes have the same number, in other containers, take each other's files out of /tmp
  const temporary = join(folder, 'tmp')
  mkdirSync(temporary)
  chmodSync(temporary, 0o1777)
  const tls = selfSigned('127.0.0.1')
  const port = await freePort()
  execFileSync(
    'mariadb-install-db',
    ['--no-defaults', ...(process.getuid?.() === 0 ? ['--user=mysql'] : []), `--datadir=${data}`, '--skip-test-db'],
    { stdio: 'pipe', env: { ...process.env, TMPDIR: temporary } },
  )
  writeFileSync(join(folder, 'cert.pem'), tls.certificate)
  writeFileSync(join(folder, 'key.pem'), tls.key, { mode: 0o600 })
  writeFileSync(
    join(folder, 'init.sql'),
    `create user if not exists root_of_test@'127.0.0.1' identified via mysql_native_password using password('root of this test');
     grant all on *.* to root_of_test@'127.0.0.1' with grant option;\n`
      .replace(/\n\s*/g, ' ')
      .replaceAll('; ', ';\n'),
  )
  give('mysql', folder, join(folder, 'cert.pem'), join(folder, 'key.pem'), join(folder, 'init.sql'))
  const command = [
    ...['mariadbd', '--no-defaults', `--datadir=${data}`, `--port=${port}`, '--bind-address=127.0.0.1', `--socket=${folder}/s`],
    ...[
      `--pid-file=${folder}/pid`,
      `--tmpdir=${temporary}`,
      `--ssl-cert=${folder}/cert.pem`,
      `--ssl-key=${folder}/key.pem`,
      `--init-file=${folder}/init.sql`,
    ],
    ...['--general-log', `--general-log-file=${data}/general.log`, '--slow-query-log', `--slow-query-log-file=${data}/slow.log`],
    ...['--long-query-time=0', `--log-bin=${data}/binary`, '--server-id=1', '--skip-name-resolve'],
    ...['--innodb-buffer-pool-size=16M', '--innodb-log-file-size=8M', '--performance-schema=OFF'],
  ]
  let daemon: Daemon = await startDaemon('mysql', command, port)
  const logs = (): string =>
    readdirSync(data)
      .filter((file) => /\.(log|err)$|^binary\.\d+$/.test(file) && existsSync(join(data, file)))
      .map((file) => readFileSync(join(data, file), 'latin1'))
      .concat(daemon.said())
      .join('\n')
  return {
    ...{ port, tls, logs },
    async sql<Row extends object>(statement: string, values: unknown[] = []) {
      const root = { host: '127.0.0.1', port, user: 'root_of_test', password: 'root of this test' }
      const connection = await mysql.createConnection({ ...root, ssl: { ca: tls.certificate } })
      try {
        const [rows] = await connection.query({ sql: statement, values })
        return rows as Row[]
      } finally {
        await connection.end()
      }
    },
    async restart() {
      await daemon.stop()
      daemon = await startDaemon('mysql', command, port)
    },
    async stop() {
      await daemon.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
