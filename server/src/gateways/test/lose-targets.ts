import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { dropFrom, healFrom } from '../../../../test/faults/packets.ts'
import { openDoor as openMysqlDoor } from '../mysql/test/open-door.ts'
import { connectionOf } from '../postgres/test/connection.ts'
import { openDoor as openPostgresDoor } from '../postgres/test/open-door.ts'
import { psql as runPsql } from '../postgres/test/psql.ts'
import type { Recorded } from '../ssh/test/memory-host.ts'
import { openDoor as openSshDoor } from '../ssh/test/open-door.ts'
import { finish } from '../ssh/test/ssh-client.ts'
import { until } from '../ssh/test/until.ts'
import { sent, untilNone } from './in-session.ts'

/*
 * Runs in a network of its own (lost-targets.real.test.ts): sessions through both doors, on targets whose packets get lost from some moment on; and
 * then with clients of whom the same is true.
 * Prints as JSON what each person was told and what each session left. At each door one stays quiet and one goes on working; of databases, one waits for a
 * statement that would run far longer.
 */

// not disposed of: what is dropped would be waited for
const postgres = await openPostgresDoor({ limits: { silenceMs: 12_000 } })
const mysql = await openMysqlDoor({ limits: { silenceMs: 12_000 } })
const ssh = await openSshDoor({ limits: { silenceMs: 4_000 } })

const quietPg = postgres.client()
await quietPg.connect()
const told = new Promise<string>((resolve) => quietPg.on('error', (error) => resolve(error.message)))

const args = ['-X', '-q', '-A', '-t', '-f', '-']
const psql = spawn('psql', args, { env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', ...connectionOf(postgres) }, stdio: 'pipe' })
const psqlEnded = finish(psql)
psql.stdin.write('select 1;\n')
await until(() => postgres.host.sessions[1]?.ends.length === 1)

const shell = async (): Promise<ChildProcess> => {
  const count = ssh.host.sessions.length
  const child = ssh.ssh.start([...ssh.ssh.args(ssh.user, ssh.alice), 'echo up; cat'], [ssh.host.code()])
  await until(() => ssh.host.sessions[count]?.output.join('').includes('up') === true)
  return child
}
const quietSsh = await shell()
const busySsh = await shell()
const shellsEnded = [finish(quietSsh), finish(busySsh)] as const

const ports = [postgres.server.connection.port, ssh.sshd.port]
for (const port of ports) dropFrom(port)
psql.stdin.end('create table reached (x int);\n')
const typing = setInterval(() => void busySsh.stdin?.write('into the void\n'), 500)
busySsh.stdin?.on('error', () => {})

/** What a session left, when it has ended; a minute is far beyond every bound here. */
async function left(session: Recorded | undefined) {
  for (let tries = 0; session?.outcomes.length === 0 && tries < 600; tries += 1) await delay(100)
  const { outcomes = [], ends = [], statements = [] } = session ?? {}
  return { outcomes, statements: statements.length, ends: ends.map((end) => end.outcome) }
}
const [onPostgres, onSsh] = [postgres.host.sessions, ssh.host.sessions]
const found = {
  quietPg: { ...(await left(onPostgres[0])), said: await told },
  busyPg: { ...(await left(onPostgres[1])), said: (await psqlEnded).stderr },
  quietSsh: { ...(await left(onSsh[0])), ...(await shellsEnded[0]) },
  busySsh: { ...(await left(onSsh[1])), ...(await shellsEnded[1]) },
}
clearInterval(typing)
for (const port of ports) healFrom(port)

// the other way round: of what the doors send to people nothing arrives, and nobody says so
const begun = [onPostgres.length, onSsh.length]
await postgres.sql('create table alone (x int)')
await mysql.server.sql('create table shop.alone (x int)')
const onPg = `insert into alone select 1 from pg_sleep(600);`
const busyPsql = runPsql(postgres, onPg)
await sent(postgres.host, onPg)
const onMysql = 'insert into shop.alone select 1 from (select sleep(600)) as slow'
const busyMariadb = mysql.mariadb(onMysql)
await sent(mysql.host, onMysql)
const quietClient = postgres.client()
quietClient.on('error', () => {})
await quietClient.connect()
const quietPerson = await shell()
const busyPerson = ssh.ssh.start([...ssh.ssh.args(ssh.user, ssh.alice), 'while echo shown; do sleep 0.2; done'], [ssh.host.code()])
await until(() => onSsh[(begun[1] ?? 0) + 1]?.output.join('').includes('shown') === true)
const doors = [postgres.gateway.port, mysql.gateway.port, ssh.gateway.port]
for (const port of doors) dropFrom(port)
/** Connections that the target still has of an account. */
const atTarget = {
  postgres: async () =>
    Number(
      (await postgres.sql<{ n: string }>(`select count(*) as n from pg_stat_activity where usename = 'app_admin' and state = 'active'`))[0]
        ?.n,
    ),
  mysql: async () =>
    Number((await mysql.server.sql<{ n: number }>(`select count(*) as n from information_schema.processlist where user = 'app'`))[0]?.n),
}
const lost = {
  busyPgClient: { ...(await left(onPostgres[begun[0] ?? 0])), running: await untilNone(atTarget.postgres) },
  busyMysqlClient: { ...(await left(mysql.host.sessions[0])), running: await untilNone(atTarget.mysql) },
  quietPgClient: await left(onPostgres[(begun[0] ?? 0) + 1]),
  quietSshClient: await left(onSsh[begun[1] ?? 0]),
  busySshClient: await left(onSsh[(begun[1] ?? 0) + 1]),
}
for (const child of [quietPerson, busyPerson, busyPsql, busyMariadb]) child.kill('SIGKILL')
for (const port of doors) healFrom(port)
process.stdout.write(JSON.stringify({ ...found, ...lost }))
process.exit(0)
