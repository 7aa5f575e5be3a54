import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connectionOf } from '../../../server/src/gateways/postgres/test/connection.ts'
import { openDoor } from '../../../server/src/gateways/postgres/test/open-door.ts'
import { Secret } from '../../../server/src/kernel/secret.ts'
import { type DebianCluster, startDebianCluster } from '../../../server/src/platform/postgres-server/debian-cluster.fixture.ts'

/** PostgreSQL's own regression suite as its sources have it: `src/test/regress`. */
export interface Suite {
  folder: string
  /** In the order of its schedule, one at a time: what one leaves behind is there for the next. */
  tests: readonly string[]
}

export function readSuite(folder: string): Suite {
  const schedule = readFileSync(join(folder, 'parallel_schedule'), 'utf8')
  return { folder, tests: [...schedule.matchAll(/^test:(.*)$/gm)].flatMap(([, names = '']) => names.trim().split(/\s+/)) }
}

/** What psql printed for each test. */
export type Printed = ReadonlyMap<string, string>

/** Through Claviger's gateway, at a fresh PostgreSQL 15 of Debian. */
export async function runThroughGateway(suite: Suite, told: (test: string) => void): Promise<{ printed: Printed; statements: number }> {
  await using door = await openDoor()
  await using cluster = await freshCluster()
  const { username, password } = new URL(cluster.superuserUrl)
  const secret = decodeURIComponent(password)
  door.host.grant('alice', 'postgres@suite')
  door.host.targets.set('suite', {
    ...{ host: '127.0.0.1', port: cluster.port, identity: { proof: 'scram-server-signature' }, settings: { tls: 'off-scram' } },
    login: () => ({ account: username, credential: { kind: 'password', secret: Secret.fromText(secret) } }),
  })
  const printed = await runAll(suite, { ...connectionOf(door), PGUSER: 'alice@postgres@suite' }, told)
  return { printed, statements: door.host.sessions.reduce((sum, { statements }) => sum + statements.length, 0) }
}

/** The same straight at another fresh one. */
export async function runDirect(suite: Suite, told: (test: string) => void): Promise<Printed> {
  await using cluster = await freshCluster()
  const { username, password } = new URL(cluster.superuserUrl)
  const to = { PGHOST: '127.0.0.1', PGPORT: `${cluster.port}`, PGUSER: username, PGPASSWORD: decodeURIComponent(password) }
  return await runAll(suite, to, told)
}

/** With the database `regression`, as the suite's own driver makes it. */
async function freshCluster(): Promise<DebianCluster & AsyncDisposable> {
  // the suite prepares transactions, and has tablespaces in its data folder
  const cluster = await startDebianCluster({ max_prepared_transactions: '2', autovacuum: 'off' })
  await cluster.sql('create database regression template template0')
  const settings = {
    lc_messages: 'C',
    lc_monetary: 'C',
    lc_numeric: 'C',
    lc_time: 'C',
    bytea_output: 'hex',
    timezone_abbreviations: 'Default',
  }
  for (const [name, value] of Object.entries(settings)) await cluster.sql(`alter database regression set ${name} to '${value}'`)
  return { ...cluster, [Symbol.asyncDispose]: () => cluster.close() }
}

async function runAll({ folder, tests }: Suite, to: NodeJS.ProcessEnv, told: (test: string) => void): Promise<Printed> {
  const env = {
    ...{ PATH: process.env.PATH, LANG: 'C', LC_MESSAGES: 'C', PGTZ: 'America/Los_Angeles', PGDATESTYLE: 'Postgres, MDY' },
    ...{ PG_ABS_SRCDIR: folder, PG_ABS_BUILDDIR: folder, PG_LIBDIR: folder, PG_DLSUFFIX: '.so' },
    ...{ PGOPTIONS: '-c intervalstyle=postgres_verbose', ...to, PGDATABASE: 'regression' },
  }
  const printed = new Map<string, string>()
  for (const name of tests) {
    told(name)
    printed.set(name, await print(join(folder, 'sql', `${name}.sql`), { ...env, PGAPPNAME: `pg_regress/${name}` }))
  }
  return printed
}

/** As the suite's driver calls psql: every line echoed, answers and errors in one stream. */
async function print(file: string, env: NodeJS.ProcessEnv): Promise<string> {
  const input = openSync(file, 'r')
  const args = ['-X', '-a', '-q', '-v', 'HIDE_TABLEAM=on', '-v', 'HIDE_TOAST_COMPRESSION=on']
  const child = spawn('sh', ['-c', 'exec psql "$@" 2>&1', 'psql', ...args], { env, stdio: [input, 'pipe', 'ignore'], timeout: 600_000 })
  closeSync(input)
  const said: Buffer[] = []
  child.stdout?.on('data', (bytes: Buffer) => said.push(bytes))
  await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  return Buffer.concat(said).toString('latin1')
}
