import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { call, session } from '@claviger/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Claviger, startClaviger } from '../support/claviger.ts'
import { must, type Person } from '../support/person.ts'
import { runProgram } from '../support/process.ts'
import { until } from '../support/until.ts'
import { entries, grant, takeOver } from '../support/work.ts'

/*
 * The PostgreSQL gateway in the whole product: a ticket from the API, psql with the certificate checked in full, statements in a
 * sealed recording, and an end that somebody else orders.
 */

let claviger: Claviger
let alice: Person
let carol: Person
let granted: string
const at = 'app_admin@orders-db'

beforeAll(async () => {
  claviger = await startClaviger({ lab: true })
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
  await runProgram('psql', ['-X', '-A', '-t', '-q', '-c', sql], { env: await connection(over), seconds: 60 })

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
    30,
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
    30,
  )
  must(await call(carol.api, session.endSession, { params: { id: live.id }, body: { reason: 'a journey' } }))
  const ran = await running
  expect(ran.said).toMatch(/A security officer ended this session/)
})
