import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Door, mariadbArguments, openDoor, ticket, user } from '../mysql/test/open-door.ts'
import { run } from '../postgres/test/psql.ts'

// MySQL and MariaDB · connection ticket · mariadb, mysql2
let door: Door
beforeAll(async () => {
  door = await openDoor()
})
afterAll(() => door?.[Symbol.asyncDispose]())

describe("Debian's mariadb", () => {
  test('is in with the ticket as its password, as often as it comes, and as the account of the grant', async () => {
    for (const _ of [1, 2]) expect(await door.mariadb('select current_user()')).toMatchObject({ code: 0, out: 'app@127.0.0.1\n' })
    expect(door.session().attempt).toMatchObject({ door: 'mysql', person: 'alice', account: 'app', target: 'shop-db' })
  })

  test('with a ticket that is not known is told so', async () => {
    const ran = await run('mariadb', mariadbArguments(door.gateway.port, door.ca, '-e', 'select 1'), { MYSQL_PWD: 'guessed' })
    expect(ran.err).toMatch(/connection ticket is not known/)
  })

  test('without TLS it is told that it needs it', async () => {
    const ran = await run(
      'mariadb',
      ['--no-defaults', '-h', '127.0.0.1', '-P', `${door.gateway.port}`, '-u', user, '-pwhatever', '--skip-ssl', '-e', 'select 1'],
      {},
    )
    expect(ran.err).toMatch(/takes connections with TLS only/)
  })
})

describe('mysql2', () => {
  test('is in with the ticket as its password', async () => {
    const client = await door.client()
    expect((await client.query('select current_user() as me'))[0]).toEqual([{ me: 'app@127.0.0.1' }])
    await client.end()
  })

  test('with a guessed ticket, none at all, or a name that says too little, opens nothing', async () => {
    const before = door.host.sessions.length
    expect(await door.refusal({ password: 'guessed' })).toMatch(/connection ticket is not known/)
    expect(await door.refusal({ password: '' })).toMatch(/connection ticket is the password here/)
    expect(await door.refusal({ user: 'root' })).toMatch(/Connect as person@account@target/)
    expect(await door.refusal({ user: 'mallory@app@shop-db' })).toMatch(/connection ticket is not known/)
    expect(door.host.sessions).toHaveLength(before)
  })

  test('whose grant has ended opens nothing', async () => {
    door.host.grant('alice', 'ended@shop-db', -1)
    expect(await door.refusal({ user: 'alice@ended@shop-db' })).toMatch(/grant of this ticket has ended/)
  })
})

test('the ticket is in nothing that was written down', () => {
  expect(JSON.stringify([door.host.refusedSeen, door.host.malformedSeen, door.errors, door.session()])).not.toContain(ticket)
})
