import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectionOf } from '../postgres/test/connection.ts'
import { type Door, openDoor, ticket, user } from '../postgres/test/open-door.ts'
import { psql, run } from '../postgres/test/psql.ts'

// PostgreSQL · connection ticket · psql, node-postgres
let door: Door
beforeAll(async () => {
  door = await openDoor()
})
afterAll(() => door?.[Symbol.asyncDispose]())

const refused = (change: NodeJS.ProcessEnv) => run('psql', ['-X', '-c', 'select 1'], { ...connectionOf(door), ...change })

describe('psql', () => {
  test('is in with the ticket as its password, as often as it comes, and as the account of the grant', async () => {
    for (const _ of [1, 2]) expect(await psql(door, 'select current_user;')).toMatchObject({ code: 0, out: 'app_admin\n' })
    expect(door.session().attempt).toMatchObject({ door: 'postgres', person: 'alice', account: 'app_admin', target: 'orders-db' })
  })

  test('with a ticket that is not known is refused with the words of the host, and so is another person with it', async () => {
    expect((await refused({ PGPASSWORD: 'guessed' })).err).toMatch(/This connection ticket is not known\. Get a new one: claviger connect/)
    expect((await refused({ PGUSER: 'mallory@app_admin@orders-db' })).err).toMatch(/This connection ticket is not known/)
  })

  test('with no ticket, or one whose grant has ended, opens nothing', async () => {
    const before = door.host.sessions.length
    expect((await refused({ PGPASSWORD: '' })).code).not.toBe(0)
    door.host.grant('alice', 'ended@orders-db', -1)
    expect((await refused({ PGUSER: 'alice@ended@orders-db' })).err).toMatch(/grant of this ticket has ended/)
    expect(door.host.sessions).toHaveLength(before)
  })

  test('without TLS is told what to type, and its ticket is not asked for', async () => {
    const ran = await refused({ PGSSLMODE: 'disable' })
    expect(ran.code).not.toBe(0)
    expect(ran.err).toMatch(/takes connections with TLS only/)
    expect(ran.err).toMatch(/sslmode=require/)
  })
})

describe('node-postgres', () => {
  test('is in with the ticket as its password', async () => {
    const client = door.client()
    await client.connect()
    expect((await client.query('select current_user as me')).rows).toEqual([{ me: 'app_admin' }])
    await client.end()
  })

  test('with a password of its own, or without TLS, gets an error with what to do', async () => {
    const says = (config: Parameters<Door['client']>[0]) =>
      door
        .client(config)
        .connect()
        .then(
          () => 'in',
          (error: Error) => error.message,
        )
    expect(await says({ password: 'correct horse battery staple' })).toMatch(/connection ticket is not known/)
    expect(await says({ ssl: false })).toMatch(/takes connections with TLS only/)
    expect(await says({ user: 'app_admin' })).toMatch(/person@account@target/)
  })
})

test('the ticket is in nothing that was written down', () => {
  expect(JSON.stringify([door.host.refusedSeen, door.host.malformedSeen, door.errors, door.session()])).not.toContain(ticket)
  expect(door.session().attempt.person).toBe(user.split('@')[0])
})
