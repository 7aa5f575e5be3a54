import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { asks, call, policy, session } from '@claviger/api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Claviger, startClaviger } from '../support/claviger.ts'
import { invite, must, type Person, withCode } from '../support/person.ts'
import { type Program, runProgram, startProgram } from '../support/process.ts'
import { startSsh } from '../support/ssh.ts'
import { until } from '../support/until.ts'
import { entries, grant, takeOver, workAccount } from '../support/work.ts'

/*
 * The PostgreSQL gateway in the whole product: a ticket from the API, psql with the certificate checked in full, statements in a
 * sealed recording, an end that somebody else orders, and several processes that carry what comes to the door.
 */

let claviger: Claviger
let alice: Person
let carol: Person
let granted: string
const at = 'app_admin@orders-db'
/** For what comes a moment later, and for more than a moment on a busy machine. */
const patient = { timeout: 60_000 }

beforeAll(async () => {
  claviger = await startClaviger({ lab: true, env: { CLAVIGER_GATEWAY_PROCESSES: '3' } })
  carol = await claviger.person('carol')
  alice = await claviger.person('alice')
  await takeOver(claviger, [at])
  granted = (await grant(alice, await claviger.person('bob'), at)).grant.id
  const ca = await fetch(`${claviger.base}/api/gateway-ca.pem`)
  expect(ca.status).toBe(200)
  writeFileSync(join(claviger.work, 'ca.pem'), await ca.text())
})
afterAll(() => claviger?.stop())

/** psql's environment: a ticket of alice's, and the authority. */
async function connection(over: NodeJS.ProcessEnv = {}): Promise<NodeJS.ProcessEnv> {
  const { ticket, user, port } = must(await call(alice.api, session.issueTicket, { params: { id: granted } }))
  expect(user).toBe(`alice@${at}`)
  return {
    ...{ PATH: process.env.PATH, PGHOST: 'localhost', PGPORT: String(port), PGUSER: user, PGPASSWORD: ticket, PGDATABASE: 'postgres' },
    ...{ PGSSLMODE: 'verify-full', PGSSLROOTCERT: join(claviger.work, 'ca.pem') },
    ...over,
  }
}
const psql = async (sql: string, over?: NodeJS.ProcessEnv) =>
  await runProgram('psql', ['-X', '-A', '-t', '-q', '-c', sql], { env: await connection(over), seconds: 240 })

const newest = async () => {
  const { sessions } = must(await call(carol.api, session.sessions, { query: { limit: 1 } }))
  if (!sessions[0]) throw new Error('there is no session')
  return sessions[0]
}

test('psql works with a ticket, is told that it is recorded, and what it asked is there to be read, without the password in it', async () => {
  const ran = await psql(`select 6 * 7; create role made_here password 'very secret indeed'; drop role made_here`)
  expect(ran.said).toMatch(/This session is recorded: .*alice.* as app_admin@orders-db/i)
  expect(ran.said).toContain('42')
  expect(ran.status).toBe(0)
  const ended = await until(
    'the session to be settled',
    async () => {
      const one = await newest()
      return one.endedAt ? one : undefined
    },
    60,
  )
  expect(ended).toMatchObject({ kind: 'sql', account: 'app_admin', target: 'orders-db' })
  const { statements } = must(await call(carol.api, session.sessionStatements, { params: { id: ended.id }, query: {} }))
  expect(statements).toHaveLength(1)
  expect(JSON.stringify(statements)).toContain('select 6 * 7')
  expect(JSON.stringify(statements)).not.toContain('very secret indeed')
  const [opened] = (await entries(carol, 'session.opened')).filter((e) => JSON.stringify(e.fields).includes(ended.id))
  expect(opened).toBeDefined()
})

test('a ticket is worth nothing for another account, nor is a guessed one, and both are written down', async () => {
  const other = await psql('select 1', { PGUSER: 'alice@postgres@orders-db' })
  expect(other.status).not.toBe(0)
  expect(other.said).toMatch(/This connection ticket is for alice@app_admin@orders-db/)
  const guessed = await psql('select 1', { PGPASSWORD: 'AAAAAAAAAAAAAAAAAAAAAA' })
  expect(guessed.said).toMatch(/connection ticket is not known/)
})

test('an officer ends a session: what runs is cancelled, and psql hears why', async () => {
  const running = psql('select pg_sleep(120)')
  const live = await until(
    'the session to run',
    async () => {
      const one = await newest()
      return one.endedAt ? undefined : one
    },
    60,
  )
  must(await call(carol.api, session.endSession, { params: { id: live.id }, body: { reason: 'a journey' } }))
  const ran = await running
  expect(ran.said).toMatch(/A security officer ended this session/)
})

describe('several processes carry what comes to the door', () => {
  const running: Program[] = []
  const sleeping = async () => {
    const args = ['-X', '-A', '-t', '-q', '-c', "select 'begun'", '-c', 'select pg_sleep(600)']
    const program = startProgram('psql', args, { env: await connection(), seconds: 290 })
    running.push(program)
    await until('its first answer', () => program.said().includes('begun') || program.over())
    return program
  }
  /** How many connections of clients each process holds. */
  const held = () => claviger.carriers().map((pid) => connectionsOf(pid, String(claviger.env.CLAVIGER_POSTGRES_PORT)))
  const carrying = () => held().filter((count) => count > 0).length
  /** Ctrl-C until it is heard: one that comes before the statement does is nobody's. */
  const interrupted = (program: Program) =>
    until('the statement to be cancelled', async () => {
      program.child.kill('SIGINT')
      await Promise.race([program.ended, sleep(2_000)])
      return program.over()
    })
  const sleepers = async (count: number) =>
    await until(`${count} sessions to run`, async () => {
      const { sessions } = must(await call(carol.api, session.sessions, { query: { limit: 10 } }))
      const live = sessions.filter((one) => !one.endedAt)
      return live.length === count ? live : undefined
    })
  afterAll(() => {
    for (const program of running) program.kill()
  })

  test('each connection goes to the one with least to do, and Ctrl-C in a client finds its statement by way of another', async () => {
    await until('all to be ready', () => claviger.carriers().length === 3)
    // who is still busy with its start gets none, the others share
    for (let count = 1; count <= 3 || (carrying() < 2 && count <= 8); count++) {
      await sleeping()
      await sleepers(count)
    }
    // what was brought to another process is let go of a moment later
    await expect.poll(() => held().reduce((sum, count) => sum + count, 0), patient).toBe(running.length)
    expect(carrying()).toBeGreaterThan(1)
    // the connection on which a client cancels comes to a process that does not carry the session
    for (const program of running) {
      await interrupted(program)
      expect(await program.ended).not.toBe(0)
      expect(program.said()).toMatch(/canceling statement due to user request/)
    }
    await sleepers(0)
    await expect.poll(held, patient).toEqual([0, 0, 0])
  })

  test('an officer ends sessions wherever they are carried', async () => {
    const both = [await sleeping(), await sleeping()]
    for (const { id } of await sleepers(2))
      must(await call(carol.api, session.endSession, { params: { id }, body: { reason: 'a journey' } }))
    for (const program of both) {
      await program.ended
      expect(program.said()).toMatch(/A security officer ended this session/)
    }
  })

  test.each(['the first of them', 'another one'])(
    '%s is killed: what all carried is interrupted and verifies, and the door opens again',
    async (which) => {
      // those of before may still be on their way back
      await until('all to be ready', () => claviger.carriers().length === 3)
      const two = [await sleeping(), await sleeping()]
      const live = await sleepers(2)
      const before = claviger.carriers()
      const [first = 0, other = 0] = before
      process.kill(which === 'another one' ? other : first, 'SIGKILL')
      for (const program of two) expect(await program.ended).not.toBe(0)
      for (const { id } of live) {
        const over = await until('the session to be settled', async () => {
          const one = must(await call(carol.api, session.getSession, { params: { id } }))
          return one.state === 'interrupted' ? one : undefined
        })
        expect(over).toMatchObject({ endReason: 'interrupted', recording: { state: 'interrupted' } })
        const { verified } = must(await call(carol.api, session.sessionStatements, { params: { id }, query: {} }))
        expect(verified).toMatchObject({ ok: true })
      }
      await until('the door to open again', async () => (await psql('select 6 * 7')).said.includes('42'), 120)
      await expect.poll(() => claviger.carriers().filter((pid) => before.includes(pid)), patient).toEqual([])
    },
  )
})

describe('what waits for somebody else, wherever it is carried', () => {
  let bob: Person
  let work: string
  const started: Program[] = []
  beforeAll(async () => {
    bob = await claviger.person('bob')
    const account = await workAccount(claviger)
    work = `${account.name}@${account.target.name}`
    await takeOver(claviger, [work])
    await grant(alice, bob, work)
    // one officer proposes, another approves
    const olga = await invite(claviger, carol, 'olga', ['security'])
    const asking = (action: string, when: string) =>
      `@act("ask") permit (principal, action == Action::"${action}", resource) when { ${when} };`
    const { policies } = must(await call(carol.api, policy.policies))
    const wanted = [
      ...policies.filter(({ state }) => state === 'active').map(({ name, source }) => ({ name, text: source })),
      { name: 'ask-truncate', text: asking('query', 'context.verbs.contains("truncate")') },
      { name: 'ask-held', text: asking('run', 'context.command like "*held*"') },
    ]
    const { id } = await withCode(carol.code, (code) =>
      call(carol.api, policy.proposePolicies, { body: { policies: wanted, reason: 'Two look at these', code } }),
    )
    await withCode(olga.code, (code) => call(olga.api, policy.approvePolicies, { params: { id }, body: { code } }))
    await until('all to be ready', () => claviger.carriers().length === 3)
  })
  afterAll(() => {
    for (const program of started) program.kill()
  })

  const doors = {
    async postgres() {
      const args = ['-X', '-v', 'VERBOSITY=verbose', '-c', 'truncate nowhere_at_all']
      return startProgram('psql', args, { env: await connection(), seconds: 290 })
    },
    ssh: async () => await startSsh(claviger, alice, work, { command: 'echo held-$((6*7))', seconds: 290 }),
  }
  const ports = { postgres: () => String(claviger.env.CLAVIGER_POSTGRES_PORT), ssh: () => String(claviger.ports.ssh) }

  /** Three at a time or, where a process is still busy with its start, some more: each held, and not all by one process. */
  async function threeHeld(door: 'postgres' | 'ssh') {
    const three: { program: Program; id: string }[] = []
    const carrying = () => claviger.carriers().filter((pid) => connectionsOf(pid, ports[door]()) > 0).length
    for (let count = 0; count < 3 || (carrying() < 2 && count < 8); count++) {
      const program = await doors[door]()
      started.push(program)
      const id = await until(
        () => `an act to be held, but: ${program.said()}`,
        () => /held until somebody else allows it \((ask_\w+)\)/.exec(program.said())?.[1],
      )
      three.push({ program, id })
    }
    expect(carrying()).toBeGreaterThan(1)
    return three
  }
  const shown = async (id: string) => {
    const [one] = must(await call(bob.api, asks.sessionAsks, { query: { view: 'all', id } })).asks
    if (!one) throw new Error(`${id} is not there`)
    return one
  }
  const over = async (id: string) =>
    await until('it to be over', async () => {
      const one = await shown(id)
      return one.state === 'over' ? one : undefined
    })

  test('Ctrl-C in psql takes it back, by way of another process', async () => {
    for (const { program, id } of await threeHeld('postgres')) {
      program.child.kill('SIGINT')
      await program.ended
      expect(program.said()).toMatch(/57014: You took this back before anybody decided/)
      expect(await over(id)).toMatchObject({ why: 'cancelled', decidedBy: null })
    }
  })

  test.each(['postgres', 'ssh'] as const)(
    'who leaves takes it back, and what nobody wants any more cannot be allowed: %s',
    async (door) => {
      for (const { program, id } of await threeHeld(door)) {
        program.kill()
        await program.ended
        expect(['cancelled', 'session_over']).toContain((await over(id)).why)
        const { digest } = await shown(id)
        const late = await call(bob.api, asks.allowSessionAsk, { params: { id }, body: { digest, code: '000000' } })
        expect(late).toMatchObject({ ok: false, status: 409, refusal: { code: 'session.ask_decided' } })
      }
    },
  )

  test.each(['postgres', 'ssh'] as const)("somebody's word reaches it: %s", async (door) => {
    const [one, ...others] = await threeHeld(door)
    if (!one) throw new Error('none is held')
    const { digest } = await shown(one.id)
    await withCode(bob.code, (code) => call(bob.api, asks.allowSessionAsk, { params: { id: one.id }, body: { digest, code } }))
    await one.program.ended
    // the target heard of it
    expect(one.program.said()).toMatch(door === 'ssh' ? /held-42/ : /relation "nowhere_at_all" does not exist/)
    for (const { program, id } of others) {
      must(await call(bob.api, asks.refuseSessionAsk, { params: { id }, body: { reason: 'not today' } }))
      expect(await program.ended).not.toBe(0)
      expect(program.said()).toMatch(/bob refused this: not today\. It was not done\./)
      expect(program.said()).not.toMatch(/held-42|does not exist/)
    }
  })

  test.each(['postgres', 'ssh'] as const)('it ends with its session, which an officer ends: %s', async (door) => {
    for (const { program, id } of await threeHeld(door)) {
      const { session: of } = await shown(id)
      must(await call(carol.api, session.endSession, { params: { id: of }, body: { reason: 'a journey' } }))
      expect(await program.ended).not.toBe(0)
      expect(await over(id)).toMatchObject({ why: 'session_over' })
    }
  })
})

/** Connections that came to the door at this port and are held by that process (proc(5): its descriptors, and the table of sockets). */
function connectionsOf(pid: number, at: string): number {
  const port = Number(at).toString(16).toUpperCase().padStart(4, '0')
  const established = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([, local = '', , state, , , , , , inode]) => (local.endsWith(`:${port}`) && state === '01' ? [`socket:[${inode}]`] : []))
  return readdirSync(`/proc/${pid}/fd`).filter((fd) => {
    try {
      return established.includes(readlinkSync(`/proc/${pid}/fd/${fd}`))
    } catch {
      return false // closed meanwhile
    }
  }).length
}
