import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { access, audit, call, inventory, session } from '@claviger/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Claviger, cli } from '../support/claviger.ts'
import { must, type Person } from '../support/person.ts'
import { runProgram } from '../support/process.ts'
import { ssh, startSsh } from '../support/ssh.ts'
import { cutPower, processesOf, startTwoServers, type TwoServers } from '../support/two-servers.ts'
import { until } from '../support/until.ts'
import { accounts, entries, grant, takeOver } from '../support/work.ts'

/*
 * Two whole servers on one Debian PostgreSQL 15, as somebody starts them: what is asked for at one is decided, used and ended at the
 * other; one is paused, one loses its power; nothing is lost, nothing happens twice, and there is one ledger.
 */

const sshAt = 'deploy@web01'
const sqlAt = 'app_admin@orders-db'
let two: TwoServers
/** As a share that both servers mount. */
const sharedRecordings = mkdtempSync(join(tmpdir(), 'claviger-recordings-'))
let a: Claviger
let b: Claviger
/** Signed in at A; `there` is the same person with B's API. */
let alice: Person
let bob: Person
let carol: Person
let granted: { ssh: access.Grant; sql: access.Grant }
const there = (person: Person): Person => two.at(b, person)

beforeAll(async () => {
  two = await startTwoServers()
  a = two.a
  b = two.b
  carol = await a.person('carol')
  bob = await a.person('bob')
  alice = await a.person('alice')
  await takeOver(a, [sshAt, sqlAt])
  for (const server of [a, b]) {
    const ca = await fetch(`${server.base}/api/gateway-ca.pem`)
    writeFileSync(join(server.work, 'ca.pem'), await ca.text())
  }
})
afterAll(async () => {
  await two?.stop()
  rmSync(sharedRecordings, { recursive: true, force: true })
})

async function psql(server: Claviger, sql: string) {
  const { ticket, user, port } = must(await call(two.at(server, alice).api, session.issueTicket, { params: { id: granted.sql.id } }))
  const env = {
    ...{ PATH: process.env.PATH, PGHOST: 'localhost', PGPORT: `${port}`, PGUSER: user, PGPASSWORD: ticket, PGDATABASE: 'postgres' },
    ...{ PGSSLMODE: 'verify-full', PGSSLROOTCERT: join(server.work, 'ca.pem') },
  }
  return await runProgram('psql', ['-X', '-A', '-t', '-q', '-c', sql], { env, seconds: 240 })
}

/** The newest session, once it is in the state that is waited for. */
const newest = async (state: 'runs' | 'over'): Promise<session.Session> =>
  await until(`the newest session to be one that ${state}`, async () => {
    const [one] = must(await call(carol.api, session.sessions, { query: { limit: 1 } })).sessions
    return one && (one.endedAt !== null) === (state === 'over') ? one : undefined
  })
const idOf = async (name: string) => (await accounts(a)).find((x) => `${x.name}@${x.target.name}` === name)?.id ?? ''

test('what is asked for at one is approved at the other, used there by ssh, and cut from the first', async () => {
  const onSsh = await grant(alice, there(bob), sshAt, '2h')
  granted = { ssh: onSsh.grant, sql: (await grant(there(alice), bob, sqlAt, '2h')).grant }
  const terminal = await startSsh(b, there(alice), sshAt, { terminal: true, seconds: 280 })
  await terminal.shows(/This session is recorded/)
  terminal.type("PS1='rea''dy> '; echo on-$((40 + 2))\n")
  await terminal.shows(/on-42/)
  const live = await newest('runs')
  must(await call(carol.api, session.endSession, { params: { id: live.id }, body: { reason: 'a journey' } }))
  await terminal.shows(/A security officer ended this session/)
  await terminal.ended
  expect(await newest('over')).toMatchObject({ id: live.id, endReason: 'ended_by_officer' })
})

test('psql through the one is cut from the other', async () => {
  const running = psql(a, 'select pg_sleep(600)')
  const live = await newest('runs')
  must(await call(there(carol).api, session.endSession, { params: { id: live.id }, body: { reason: 'a journey' } }))
  expect((await running).said).toMatch(/A security officer ended this session/)
})

test('a recording is shown by the server that made it, and the other says which one that is', async () => {
  const ran = await ssh(b, there(alice), sshAt, 'echo recorded-at-b')
  expect(ran.out, ran.said).toContain('recorded-at-b')
  const { id } = await newest('over')
  const elsewhere = await call(carol.api, session.replayCommands, { params: { id } })
  expect(elsewhere).toMatchObject({ ok: false, refusal: { message: expect.stringContaining('node-b') } })
  expect((await call(there(carol).api, session.replayCommands, { params: { id } })).ok).toBe(true)
})

test('whoever opens a session while the other server rotates its account waits, and gets in', async () => {
  let rotating = true
  const rotations = async (by: Person, at: string) => {
    const id = await idOf(at)
    for (let i = 0; i < 5; i++) must(await call(by.api, inventory.rotateAccount, { params: { id }, body: { reason: 'a journey' } }))
  }
  const refused: string[] = []
  let opened = 0
  const openings = async (open: () => Promise<{ said: string; out: string }>) => {
    // three at least: where a session takes longer than a rotation, few fit in
    for (let i = 0; i < 100 && (rotating || i < 3); i++) {
      const ran = await open()
      if (ran.out.includes('in-42')) opened++
      else refused.push(ran.said)
    }
  }
  const all = Promise.all([rotations(carol, sshAt), rotations(there(carol), sqlAt)]).finally(() => {
    rotating = false
  })
  await Promise.all([
    all,
    openings(() => ssh(b, there(alice), sshAt, 'echo in-$((40 + 2))')),
    openings(() => psql(a, "select 'in-' || 42")),
  ])
  expect(refused).toEqual([])
  expect(opened).toBeGreaterThan(4)
})

/** Roots that both servers anchored for one size of one epoch. More than one is a fork. */
function anchored(): Map<string, Set<string>> {
  const seen = new Map<string, Set<string>>()
  for (const server of [a, b])
    for (const [, size, root = '', epoch] of readFileSync(join(server.data, 'anchors', 'checkpoints'), 'utf8').matchAll(
      /^(\d+)\n([A-Za-z0-9+/]{43}=)\nepoch (\d+)$/gm,
    )) {
      const place = `${epoch}/${size}`
      seen.set(place, (seen.get(place) ?? new Set()).add(root))
    }
  return seen
}
const forks = () => [...anchored()].filter(([, roots]) => roots.size > 1)

/** Of the election of whoever sequences. */
const epoch = async () => Number((await two.cluster.sql('select epoch from ledger_sequencer', 'claviger'))[0]?.epoch)

/** Every process of a server stands still for as long as `during` takes, and goes on after it. */
async function paused(server: Claviger, during: () => Promise<unknown>): Promise<void> {
  const pids = processesOf(server)
  for (const pid of pids) process.kill(pid, 'SIGSTOP')
  try {
    await during()
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT')
  }
}
const toLead = (server: Claviger) => until('the other to take over', async () => (await two.leader()) === server, 120)

test('a server that is paused beyond its lease and goes on signs no second history', async () => {
  const first = await two.leader()
  const other = first === a ? b : a
  const asker = two.at(other, alice)
  let taken = 0
  await paused(first, async () => {
    await toLead(other)
    taken = await epoch()
    const asked = must(await call(asker.api, access.fileRequest, { body: { account: sshAt, duration: '1h', reason: 'meanwhile' } }))
    must(await call(asker.api, access.withdrawRequest, { params: { id: asked.id } }))
  })
  // what woke up follows, and answers with what happened while it slept
  await first.untilReady()
  const { requests } = must(await call(two.at(first, alice).api, access.requests, { query: { limit: 5 } }))
  expect(requests.some((r) => r.reason === 'meanwhile' && r.state === 'withdrawn')).toBe(true)
  // it does not go on as what it was: it follows, or was elected anew where the other was too busy to renew its lease
  expect((await two.leader()) === other || (await epoch()) > taken).toBe(true)
  expect(forks()).toEqual([])
})

test('a server that sequences and loses its power is followed by the other: nothing is lost, and what was ordered happens once', async () => {
  if ((await two.leader()) !== b) await paused(a, () => toLead(b))
  await Promise.all([a.untilReady(), b.untilReady()])
  const account = await idOf(sshAt)
  const { credentials = [] } = (await accounts(a)).find((x) => x.id === account) ?? {}
  const before = new Set((await entries(carol, 'rotation.begun')).map((e) => e.fields.rotation))
  const asked = must(
    await call(there(alice).api, access.fileRequest, { body: { account: sqlAt, duration: '1h', reason: 'before the power went' } }),
  )
  // it was used: its end orders a rotation
  must(await call(there(alice).api, access.endGrant, { params: { id: granted.ssh.id }, body: { reason: 'a journey' } }))
  await cutPower(b)
  await toLead(a)
  await a.untilReady()
  expect(must(await call(alice.api, access.getRequest, { params: { id: asked.id } }))).toMatchObject({ state: 'waiting' })

  const begun = async () => (await entries(carol, 'rotation.begun')).filter((e) => !before.has(e.fields.rotation))
  const done = async () => {
    const ours = new Set((await begun()).map((e) => e.fields.rotation))
    return (await entries(carol, 'rotation.done')).filter((e) => ours.has(e.fields.rotation))
  }
  await until('the rotation to be done', async () => (await done()).length >= credentials.length, 200)
  // the one that comes back does not do it again
  await b.again()
  const all = await done()
  expect(new Set(all.map((e) => e.fields.account))).toEqual(new Set([account]))
  expect(all.map((e) => e.fields.credential).sort()).toEqual(credentials.map((c) => c.kind).sort())
  expect(new Set((await begun()).map((e) => e.fields.trigger))).toEqual(new Set(['check-in']))
})

test('with one folder for the recordings of both, each server shows and checks what the other recorded', async () => {
  await Promise.all([a.halt(), b.halt()])
  for (const server of [a, b]) server.env.CLAVIGER_RECORDINGS = sharedRecordings
  await a.again()
  await b.again()
  await grant(alice, there(bob), sshAt, '1h')
  for (const [by, other] of [
    [a, b],
    [b, a],
  ] as const) {
    const ran = await ssh(by, two.at(by, alice), sshAt, 'echo kept-where-both-look')
    expect(ran.out, ran.said).toContain('kept-where-both-look')
    const { id } = await newest('over')
    const there = two.at(other, carol).api
    expect(must(await call(there, session.replayCast, { params: { id } }))).toContain('kept-where-both-look')
    expect(must(await call(there, session.replayCommands, { params: { id } })).verified).toMatchObject({ ok: true, interrupted: false })
  }
})

test('at the end there is one ledger: each server’s verifies against the other’s checkpoint', async () => {
  expect(forks()).toEqual([])
  expect(anchored().size).toBeGreaterThan(20)
  for (const [from, outside] of [
    [a, b],
    [b, a],
  ] as const) {
    const { note } = must(await call({ base: outside.base }, audit.checkpoint))
    const files = { export: join(from.work, 'ledger.jsonl'), checkpoint: join(from.work, 'outside.note') }
    writeFileSync(files.checkpoint, note)
    const size = Number(note.split('\n')[1])
    // who follows signs a moment later what the other signed
    await until('both to have signed that much', async () => must(await call({ base: from.base }, audit.checkpoint)).size >= size)
    const exported = await fetch(`${from.base}${audit.exportLedger.path}`, { headers: carol.api.headers ?? {} })
    writeFileSync(files.export, Buffer.from(await exported.arrayBuffer()))
    const verdict = await cli(from, ['audit', 'verify', files.export, '--checkpoint', files.checkpoint])
    expect(verdict.status, verdict.said).toBe(0)
  }
})

test('a database that shows each server another history is found by comparing: the alarm says so, and neither goes on giving out', async () => {
  await Promise.all([a.halt(), b.halt()])
  await two.cluster.sql('create database other_history template claviger owner claviger_owner')
  a.env.CLAVIGER_PEERS = b.base
  // by the file that it leaves where this one can read it, as on a shared disk
  b.env.CLAVIGER_PEERS = join(a.data, 'anchors', 'checkpoints')
  b.env.DATABASE_URL = a.env.DATABASE_URL?.replace(/claviger$/, 'other_history')
  await a.again()
  // whoever has the database puts what a start looks at as it likes
  for (const role of ['server', 'gateway', 'keeper'])
    await two.cluster.sql(`comment on role claviger_${role} is 'Claviger, database other_history'`)
  // each is elected in what it is shown, and signs
  await b.again({ wait: false })
  const apart = async (server: Claviger) =>
    /two histories|holds back/.test((await server.ready().catch(() => undefined))?.checks.keeper ?? '')
  await until('both to find the other history', async () => (await apart(a)) && (await apart(b)), 120)
  for (const server of [a, b]) await until('the alarm', () => /ALARM: .*(two histories|holds back)/.test(server.said()))
  const refused = await call(carol.api, access.fileRequest, { body: { account: sshAt, duration: '1h', reason: 'on one history of two' } })
  expect(refused).toMatchObject({
    ok: false,
    status: 503,
    refusal: { code: 'keeper.diverged', message: expect.stringMatching(/two histories|holds back/) },
  })
  expect((await call(alice.api, session.issueTicket, { params: { id: granted.sql.id } })).ok).toBe(false)
  // what was signed stays as it is: neither grows
  const grown = anchored().size
  await sleep(3_000)
  expect(anchored().size).toBe(grown)
})
