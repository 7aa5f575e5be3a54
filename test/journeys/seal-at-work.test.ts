import { randomBytes } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { access, call, checkOut, identity, inventory, seal, session } from '@claviger/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { password, redisHarness } from '../../server/src/targets/redis/test/harness.ts'
import type { RunningTarget } from '../../server/src/targets/test/harness.ts'
import { type Claviger, type Part, startClaviger } from '../support/claviger.ts'
import { closing, openWith, sealStatus } from '../support/custodians.ts'
import { addTarget } from '../support/own-target.ts'
import { must, type Person, withCode } from '../support/person.ts'
import { findInFiles, findInProcesses, findInTables, formsOf } from '../support/planted.ts'
import { type Program, runProgram, startProgram } from '../support/process.ts'
import { plainSsh, ssh, startSsh } from '../support/ssh.ts'
import type { Superuser } from '../support/superuser.ts'
import { until } from '../support/until.ts'
import { entries, grant, takeOver, workAccount } from '../support/work.ts'

/*
 * An officer closes the seal while people work: their sessions end and are kept, both doors say why nothing opens, what was ordered waits, and when
 * custodians opened it again everything goes on without a restart. Meanwhile nothing is left of the credentials that passed through: some that we
 * know are searched for in everything that the server leaves behind.
 */

let claviger: Claviger
let alice: Person
let carol: Person
let db: Superuser
let host: inventory.Account
let shellAt: string
const sqlAt = 'app_admin@orders-db'
let sqlGrant: string
let server: RunningTarget | undefined
/** Credentials that we know, in the forms in which they may have been written down. */
const planted: Record<string, Buffer> = {}
const plant = (name: string, text: string): string => {
  Object.assign(planted, formsOf(name, text))
  return text
}
const lived: { ssh: string; sql: string } = { ssh: '', sql: '' }

beforeAll(async () => {
  claviger = await startClaviger({ lab: true, env: { CLAVIGER_SEAL: 'shamir' } })
  carol = await claviger.person('carol')
  alice = await claviger.person('alice')
  const bob = await claviger.person('bob')
  await takeOver(claviger)
  host = await workAccount(claviger)
  shellAt = `${host.name}@web01`
  await grant(alice, bob, shellAt)
  sqlGrant = (await grant(alice, bob, sqlAt)).grant.id
  writeFileSync(join(claviger.work, 'ca.pem'), await (await fetch(`${claviger.base}/api/gateway-ca.pem`)).text())
  db = await claviger.superuser()
  await passThrough()
})
afterAll(async () => {
  await server?.stop()
  await db?.close()
  await claviger?.stop()
})

/** Credentials go in and out in the ways that there are: with a target, by rotation, before people's eyes, mistyped at the door. */
async function passThrough(): Promise<void> {
  const harness = redisHarness('aclfile')
  server = await harness.start()
  const { credential } = server.manager()
  plant('what a target was added with', await credential.secret.use('recognise', (bytes) => Buffer.from(bytes).toString()))
  const cache = await addTarget(claviger, harness, server, { name: 'cache' })
  const ops = await cache.account('ops')
  const body = { account: 'ops@cache', action: 'reveal' as const, duration: '1h', reason: 'to see it' }
  const { id } = must(await call(alice.api, access.fileRequest, { body }))
  const held = await until('the account', async () => must(await call(alice.api, access.getRequest, { params: { id } })).grant ?? undefined)
  const { value } = await withCode(alice.code, (code) =>
    call(alice.api, checkOut.revealCredential, { params: { id: held.id }, body: { code } }),
  )
  expect(await cache.says({ account: ops.name, credential: password(plant('what was shown', value)) })).toBeNull()
  must(await call(alice.api, access.endGrant, { params: { id: held.id }, body: { reason: 'seen' } }))
  const typed = plant('a password that somebody typed', `typed~${randomBytes(12).toString('base64url')}`)
  expect((await call({ base: claviger.base }, identity.signIn, { body: { name: 'alice', password: typed } })).ok).toBe(false)
}

const withTicket = async (): Promise<NodeJS.ProcessEnv> => {
  const { ticket, user, port } = must(await call(alice.api, session.issueTicket, { params: { id: sqlGrant } }))
  return {
    ...{ PATH: process.env.PATH, PGHOST: 'localhost', PGPORT: String(port), PGUSER: user, PGPASSWORD: ticket, PGDATABASE: 'postgres' },
    ...{ PGSSLMODE: 'verify-full', PGSSLROOTCERT: join(claviger.work, 'ca.pem') },
  }
}
const labShares = () =>
  readFileSync(join(claviger.data, 'lab', 'seal-shares'), 'utf8')
    .trim()
    .split('\n')
const running = async () => must(await call(carol.api, session.sessions, { query: { limit: 10 } })).sessions.filter((s) => !s.endedAt)
const jobsOf = (trigger: string) =>
  db.sql<{ state: string; retry_count: number }>(
    "select state, retry_count from jobs.job where name = 'rotate-account' and data->>'trigger' = $1 order by created_on desc limit 1",
    [trigger],
  )

let terminal: Awaited<ReturnType<typeof startSsh>>
let psql: Program
let rotating: Promise<unknown>

test('sealing cuts what runs, and each is told', async () => {
  terminal = await startSsh(claviger, alice, shellAt, { terminal: true, seconds: 280 })
  await terminal.shows(/This session is recorded/)
  terminal.type("PS1='rea''dy> '; echo last-wor''ds\n")
  await terminal.shows(/last-words/)
  psql = startProgram('psql', ['-X', '-A', '-t', '-c', 'select 6 * 7', '-c', 'select pg_sleep(600)'], {
    env: await withTicket(),
    seconds: 280,
  })
  await until('both to run', async () => {
    const found = await running()
    lived.ssh = found.find((s) => s.kind !== 'sql')?.id ?? ''
    lived.sql = found.find((s) => s.kind === 'sql')?.id ?? ''
    return lived.ssh !== '' && lived.sql !== '' && psql.said().includes('42')
  })
  // a person's word, at the very moment: whether it comes to its end or not, the vault knows the credential afterwards
  const manager =
    must(await call(carol.api, inventory.accounts, { query: { limit: 500 } })).accounts.find((a) => a.name === 'reporting') ?? host
  rotating = call(carol.api, inventory.rotateAccount, { params: { id: manager.id }, body: { reason: 'just before the seal closes' } })
  // the answer comes, though who gives it ends
  await closing(claviger, async () => {
    await withCode(carol.code, (code) => call(carol.api, seal.sealClose, { body: { code } }))
  })
  expect(await sealStatus(claviger)).toMatchObject({ state: 'sealed', shares: { given: 0 } })
  expect(await terminal.ended).not.toBe(0)
  expect(await psql.ended).not.toBe(0)
  expect(terminal.said()).toMatch(/shutting down|ended|closed/i)
  expect(psql.said()).toMatch(/shutting down|ended|closed/i)
  await rotating
})

test('while it is sealed both doors say so, in the words of their protocol', async () => {
  const { ports } = claviger
  const said = await until('the SSH door to say so', async () => {
    const tried = plainSsh(claviger.work, ['-p', String(ports.ssh), '-o', 'StrictHostKeyChecking=no', `alice@${shellAt}@127.0.0.1`], '')
    await tried.ended
    return /Claviger is sealed/.test(tried.said()) && tried.said()
  })
  expect(said).toContain('claviger unseal')
  const env = { PATH: process.env.PATH, PGHOST: 'localhost', PGPORT: String(claviger.env.CLAVIGER_POSTGRES_PORT), PGUSER: `alice@${sqlAt}` }
  const at = (more: NodeJS.ProcessEnv) =>
    runProgram('psql', ['-X', '-c', 'select 1'], { env: { ...env, PGPASSWORD: 'x', PGDATABASE: 'postgres', ...more }, seconds: 180 })
  const checked = await at({ PGSSLMODE: 'verify-full', PGSSLROOTCERT: join(claviger.work, 'ca.pem') })
  expect(checked.said).toContain('FATAL:  Claviger is sealed: nothing opens until its custodians give their shares.')
  expect(checked.said).toContain('claviger unseal')
  expect((await at({ PGSSLMODE: 'require' })).said).toContain('Claviger is sealed')
})

test('a rotation that is due meanwhile waits: it is not tried and not failed', async () => {
  const failures = await db.sql("select 1 from ledger_entry where convert_from(bytes, 'SQL_ASCII') like '%rotation.fail%'")
  await db.sql(
    "insert into jobs.job (name, data) values ('rotate-account', jsonb_build_object('account', $1::text, 'trigger', 'check-in'))",
    [host.id],
  )
  // several times as long as a worker takes to find one
  await new Promise((resolve) => setTimeout(resolve, 5_000))
  expect(await jobsOf('check-in')).toEqual([{ state: 'created', retry_count: 0 }])
  expect(await db.sql("select 1 from ledger_entry where convert_from(bytes, 'SQL_ASCII') like '%rotation.fail%'")).toHaveLength(
    failures.length,
  )
})

const processes = () => {
  const parts: Part[] = ['keeper', 'api', 'gateway', 'database']
  return Object.fromEntries(parts.map((part) => [part, claviger.pid(part)]))
}

test('what passed through while it was open is in no table, file, log or ledger entry, and in the memory of no process that was replaced', async () => {
  const tables = await findInTables(db, planted)
  expect(tables.found).toEqual([])
  expect(tables.rows).toBeGreaterThan(200)
  await db.sql('checkpoint')
  const files = findInFiles(claviger.data, planted)
  expect(files.found).toEqual([])
  expect(files.read).toBeGreaterThan(20_000_000)
  for (const [name, bytes] of Object.entries(planted)) expect(claviger.said().includes(bytes.toString('latin1')), name).toBe(false)
  // these lie in a file of the lab, so that people can try it
  const shares = labShares().flatMap((share, i) => Object.entries(formsOf(`share ${i}`, share)))
  expect(findInProcesses(processes(), { ...planted, ...Object.fromEntries(shares) })).toEqual([])
})

test('and the search finds what is put there on purpose', async () => {
  const name = 'on purpose'
  const text = plant(name, `0n-purpose~${randomBytes(12).toString('base64url')}`)
  const log = join(claviger.data, 'a.log')
  await db.sql('create table jobs.on_purpose (data jsonb)')
  await db.sql('insert into jobs.on_purpose values ($1)', [JSON.stringify({ data: { password: text } })])
  writeFileSync(log, JSON.stringify({ level: 'debug', body: Buffer.from(text).toString('base64') }))
  expect((await findInTables(db, planted)).found).toEqual([`jobs.on_purpose: ${name}`])
  const places = findInFiles(claviger.data, planted).found
  expect(places.some((place) => place.includes('/pg_wal/'))).toBe(true)
  expect(places.some((place) => place.startsWith(log))).toBe(true)
  expect(findInProcesses({ 'this one': process.pid }, formsOf(name, text)).length).toBeGreaterThan(0)
  await db.sql('drop table jobs.on_purpose')
  rmSync(log)
})

test('when custodians opened it again everything goes on, without a restart', async () => {
  const before = claviger.pid('keeper')
  await openWith(claviger, labShares().slice(1, 3))
  expect(claviger.pid('keeper')).toBe(before)
  await until('the rotation that waited', async () => (await jobsOf('check-in'))[0]?.state === 'completed', 150)
  expect(await jobsOf('check-in')).toEqual([{ state: 'completed', retry_count: 0 }])
  await until(
    'what was cut off to be finished',
    async () => (await db.sql("select 1 from rotation where state not in ('done', 'failed')")).length === 0,
    120,
  )
  // sign-ins and grants are what they were, and so are the doors
  const again = await until(
    'the shell to open again',
    async () => {
      const tried = await ssh(claviger, alice, shellAt, 'echo it-goes-on')
      return tried.out.includes('it-goes-on') && tried
    },
    120,
  )
  expect(again.status).toBe(0)
  const sql = await runProgram('psql', ['-X', '-A', '-t', '-q', '-c', 'select 6 * 7'], { env: await withTicket(), seconds: 180 })
  expect(sql).toMatchObject({ status: 0, out: '42\n' })
  expect(await entries(carol, 'seal.sealed')).toHaveLength(1)
  // the one that was ordered at that moment may have been cut off, and was finished; none failed
  for (const failed of await entries(carol, 'rotation.failed')) expect(failed.fields.code).toBe('rotation.cut_off')
  const left = await db.sql<{ state: string }>(
    'select distinct on (account_id, credential) state from rotation order by account_id, credential, started_at desc',
  )
  expect(new Set(left.map((r) => r.state))).toEqual(new Set(['done']))
})

test('what was cut is recorded to its end, and verifies', async () => {
  for (const id of [lived.ssh, lived.sql]) {
    const ended = must(await call(carol.api, session.sessions, { query: { limit: 50 } })).sessions.find((s) => s.id === id)
    expect(ended?.endedAt).toBeTruthy()
  }
  const { verified } = must(await call(carol.api, session.replayCommands, { params: { id: lived.ssh } }))
  expect(verified).toMatchObject({ ok: true, interrupted: false })
  const { statements } = must(await call(carol.api, session.sessionStatements, { params: { id: lived.sql }, query: {} }))
  expect(JSON.stringify(statements)).toContain('pg_sleep')
  expect(must(await call(carol.api, session.replayCast, { params: { id: lived.ssh } }))).toContain('last-words')
})
