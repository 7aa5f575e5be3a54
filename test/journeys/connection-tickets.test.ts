import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { access, call, session } from '@claviger/api'
import pg from 'pg'
import ssh2 from 'ssh2'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Claviger, startClaviger } from '../support/claviger.ts'
import { must, type Person } from '../support/person.ts'
import { filesBelow } from '../support/planted.ts'
import { until } from '../support/until.ts'
import { entries, grant, takeOver } from '../support/work.ts'

/* A connection ticket at the real door, and everyone who should not have one; a password and a code at the door of SSH. */

let claviger: Claviger
let alice: Person
let bob: Person
let carol: Person
let given: access.Grant
let ca: string
const account = 'app_admin@orders-db'
const tickets: string[] = []

beforeAll(async () => {
  claviger = await startClaviger({ lab: true, env: { CLAVIGER_SSH_SIGN_IN: 'key+code,certificate,password+code' } })
  ;[alice, bob, carol] = await Promise.all([claviger.person('alice'), claviger.person('bob'), claviger.person('carol')])
  await takeOver(claviger, [account, 'postgres@orders-db'])
  given = (await grant(alice, bob, account)).grant
  ca = must(await call(alice.api, session.gatewayCa))
})
afterAll(() => claviger?.stop())

async function ticketOf(person: Person, id = given.id) {
  const issued = must(await call(person.api, session.issueTicket, { params: { id } }))
  tickets.push(issued.ticket)
  return issued
}

/** What node-postgres comes to with this as its password: a row, or the door's answer. */
async function tryWith(password: string, over: { user?: string } = {}): Promise<string> {
  const { postgres } = must(await call(alice.api, session.gateways))
  const user = over.user ?? `alice@${account}`
  const client = new pg.Client({ ...postgres, user, password, database: 'orders', ssl: { ca }, connectionTimeoutMillis: 120_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return String((await client.query('select current_user as who')).rows[0]?.who)
  } catch (error) {
    return (error as Error).message
  } finally {
    await client.end().catch(() => undefined)
  }
}

describe('a connection ticket', () => {
  test('opens its grant, as often as its holder likes', async () => {
    const { ticket, user } = await ticketOf(alice)
    expect(user).toBe(`alice@${account}`)
    expect([await tryWith(ticket), await tryWith(ticket)]).toEqual(['app_admin', 'app_admin'])
  })

  test('is not given for somebody else’s grant, not even to security', async () => {
    for (const person of [bob, carol])
      expect(await call(person.api, session.issueTicket, { params: { id: given.id } })).toMatchObject({ ok: false, status: 404 })
  })

  test('opens nothing under another name, for another account, or on another target', async () => {
    const { ticket } = await ticketOf(alice)
    for (const user of [`bob@${account}`, 'alice@postgres@orders-db', 'alice@deploy@web01'])
      expect(await tryWith(ticket, { user })).toMatch(/connection ticket is for alice@app_admin@orders-db/)
  })

  test('opens nothing when its row is put into the database, or made to last', async () => {
    const { ticket } = await ticketOf(alice)
    const mine = `clvt_${'m'.repeat(22)}`
    const hash = (text: string) => createHash('sha256').update(text).digest()
    const db = await claviger.superuser()
    try {
      const rest = 'person_id, grant_id, source, shown_at, shown_until, expires_at, mac'
      await db.sql(
        `insert into vault.connection_ticket (ticket_hash, ${rest}) select $1, ${rest} from vault.connection_ticket where ticket_hash = $2`,
        [hash(mine), hash(ticket)],
      )
      expect(await tryWith(mine)).toMatch(/not known/)
      await db.sql(`update vault.connection_ticket set expires_at = expires_at + interval '1 day' where ticket_hash = $1`, [hash(ticket)])
      expect(await tryWith(ticket)).toMatch(/not known/)
    } finally {
      await db.close()
    }
  })

  test('opens nothing once its grant was given back', async () => {
    const { ticket } = await ticketOf(alice)
    must(await call(alice.api, access.endGrant, { params: { id: given.id }, body: { reason: 'done' } }))
    expect(await tryWith(ticket)).toMatch(/grant has ended/)
    expect(await call(alice.api, session.issueTicket, { params: { id: given.id } })).toMatchObject({
      refusal: { code: 'access.grant_over' },
    })
  })

  test('is not guessed: after ten wrong ones an address waits, and each of them is in the ledger', async () => {
    const guess = (i: number) => tryWith(`clvt_${String(i).padStart(22, 'x')}`)
    // several at a time: a machine that does much else takes more than that minute for one after the other
    for (const first of [0, 4, 8]) await Promise.all([0, 1, 2, 3].map((i) => guess(first + i)))
    expect(await guess(12)).toMatch(/Wait a minute/)
    const refused = await until('the attempts in the ledger', async () => {
      const found = (await entries(carol, 'session.attempt')).filter((e) => e.fields.door === 'postgres')
      return found.some((e) => e.fields.code === 'ticket.braked') ? found : undefined
    })
    expect(refused.map((e) => e.fields.code)).toContain('ticket.unknown')
  })

  test('stands in no file of the server: database, logs, ledger, recordings', async () => {
    const db = await claviger.superuser()
    await db.sql('checkpoint')
    await db.close()
    const all = [...filesBelow(claviger.data)].filter((file) => tickets.some((ticket) => read(file).includes(ticket)))
    expect(tickets.length).toBeGreaterThan(3)
    expect(all).toEqual([])
    expect(tickets.some((ticket) => claviger.said().includes(ticket))).toBe(false)
    expect(tickets.some((ticket) => execFileSync('ps', ['-eo', 'args']).toString().includes(ticket))).toBe(false)
  })
})

function read(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch {
    // written anew or gone in the meantime
    return Buffer.alloc(0)
  }
}

describe('a password at the door of SSH, where it takes one', () => {
  /** What was asked, and whether the answers let alice in. */
  const typed = async (password: string, code: () => Promise<string>) => {
    const { ssh } = must(await call(alice.api, session.gateways))
    const asked: string[] = []
    const client = new ssh2.Client()
    const cameIn = new Promise<boolean>((resolve) => {
      client.once('ready', () => resolve(true)).once('close', () => resolve(false))
      client.on('error', () => undefined)
    })
    const username = 'alice@deploy@web01'
    const prompt = (...args: unknown[]) => {
      const [question = ''] = (args[3] as { prompt: string }[]).map((one) => one.prompt)
      asked.push(question)
      const answer = question.startsWith('Code') ? code() : Promise.resolve(password)
      void answer.then((text) => (args[4] as (answers: string[]) => void)([text]))
    }
    const method = { type: 'keyboard-interactive', username, prompt } as unknown as ssh2.AnyAuthMethod
    client.connect({ host: ssh.host, port: ssh.port, username, authHandler: [method] as never, readyTimeout: 120_000 })
    const inside = await cameIn
    client.end()
    return { asked, inside }
  }

  test('lets in with a code, and the ledger says by what', async () => {
    expect(must(await call(alice.api, session.gateways)).ssh.signIn).toEqual(['key+code', 'certificate', 'password+code'])
    expect(await typed(alice.password, alice.code)).toEqual({ asked: ['Password: ', 'Code: '], inside: true })
    const admitted = await until('the entry', async () =>
      (await entries(carol, 'session.admitted')).find(({ fields }) => fields.factor === 'password+totp'),
    )
    expect(admitted).toMatchObject({ by: alice.id })
  })

  test('that is wrong lets nobody in, and no code is asked for', async () => {
    expect(await typed('not hers', async () => '000000')).toEqual({ asked: ['Password: ', 'Password: ', 'Password: '], inside: false })
  })
})
