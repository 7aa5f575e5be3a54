import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { askedFor, byPasskey, ownPasskey } from '../../keeper/test/by-passkey.ts'
import { gaveBack, holds, withoutGateway } from '../../keeper/test/check-out.ts'
import { openWorld, type Row, type World } from '../../keeper/test/world.ts'
import type { EntryId, GrantId } from '../../kernel/id.ts'
import { Secret } from '../../kernel/secret.ts'
import { must } from '../identity/test/house.ts'
import { credentialRead } from './events.ts'
import { issueReadTicket } from './issue-read-ticket.ts'
import { createReads } from './read-credentials.ts'

let world: World
let account: Row
let grant: Row
let read: ReturnType<typeof open>
const open = () => createReads(world, async ({ secret, ...rest }) => ({ ...rest, value: await text(secret) }))
let made = 0
beforeAll(async () => {
  world = await openWorld()
  read = open()
})
afterAll(() => world?.close())
beforeEach(async () => {
  made += 1
  const fresh = await withoutGateway(world, `read${made}`, 'app')
  account = fresh.accounts[0] as Row
  await store('hunter2')
  grant = (await holds(world, world.alice, account, world.bob, fresh.target, { action: 'reveal' })).grant
})

const home = '192.0.2.10'
const refused = (code: string) => ({ ok: false, error: { code } })
const text = async (secret: Secret | undefined) => (await secret?.use('show-to-holder', (b) => Buffer.from(b).toString())) ?? ''
const store = async (secret: string) =>
  must(
    await world.keeper.ask(
      'storeCredential',
      { account: String(account.id), credential: 'password', public: null },
      Secret.fromText(secret),
    ),
  )
const issue = async (who = world.alice, over: { code?: string; from?: string } = {}) =>
  await issueReadTicket(world, grant.id as GrantId, { person: who.id, groups: ['engineers'] }, { code: who.code(), from: home, ...over })
const ticketOf = async () => await text(must(await issue()).ticket)
const ask = async (ticket: string, from = home) => await read({ ticket, from, credential: undefined })
const readsInLedger = async () => (await world.entries()).filter((e) => e.act === 'access.read' && e.fields.account === account.id)

describe('a read ticket', () => {
  test('is given with a fresh code to who holds the account, and reads its credential again and again', async () => {
    const ticket = await ticketOf()
    expect(ticket).toMatch(/^clvr_[A-Za-z0-9_-]{22}$/)
    for (let i = 0; i < 3; i++) {
      const answer = must(await ask(ticket))
      expect(answer).toMatchObject({ account: 'app', target: `read${made}`, credential: 'password', version: 1 })
      expect(answer.value).toBe('hunter2')
    }
    expect((await world.entries()).some((e) => e.act === 'access.read_ticket_issued' && e.fields.grant === grant.id)).toBe(true)
  })

  test('is given for a passkey, which says yes to this grant and this address alone', async () => {
    const passkey = await ownPasskey(world, world.alice)
    const from = (address: string) => async (code: string) => await issue(world.alice, { code, from: address })
    const answer = passkey.answer(await askedFor(from('192.0.2.11')))
    expect(await from(home)(answer)).toMatchObject(refused('factor.passkey_refused'))
    const also = await withoutGateway(world, `also${made}`, 'app')
    const other = (await holds(world, world.alice, also.accounts[0] as Row, world.bob, also.target, { action: 'reveal' })).grant
    const alice = { person: world.alice.id, groups: ['engineers'] }
    const forOther = async (code: string) => await issueReadTicket(world, other.id as GrantId, alice, { from: home, code })
    expect(await from(home)(passkey.answer(await askedFor(forOther)))).toMatchObject(refused('factor.passkey_refused'))
    const ticket = must(await byPasskey(world, passkey, from(home))).ticket
    expect(must(await ask(await text(ticket))).value).toBe('hunter2')
    // asking for the question is no wrong code: with those that lock, she may still give one
    for (let times = 0; times < 6; times++) await askedFor(from(home))
    must(await issue())
  })

  test('has each read in the ledger: who read which version how often, also where many are read at once', async () => {
    const ticket = await ticketOf()
    const [other, strange] = [await ticketOf(), `clvr_${'A'.repeat(22)}`]
    const answers = await Promise.all([
      ...Array.from({ length: 600 }, () => ask(ticket)),
      ...Array.from({ length: 40 }, () => ask(other)),
      ...Array.from({ length: 7 }, () => ask(strange)),
    ])
    expect(answers.filter((answer) => answer.ok && answer.value.value === 'hunter2')).toHaveLength(640)
    const entries = await readsInLedger()
    expect(entries.map(({ fields }) => Number(fields.reads)).reduce((sum, reads) => sum + reads)).toBe(640)
    expect(entries.length).toBeLessThan(20)
    for (const entry of entries)
      expect(entry).toMatchObject({ by: world.alice.id, phase: 'done', fields: { grant: grant.id, credential: 'password', version: 1 } })
  })

  test('is answered only when its entry is signed', async () => {
    const ticket = await ticketOf()
    must(await ask(ticket))
    for (let times = 0; times < 5; times++) {
      const before = (await readsInLedger()).length
      const answers = Array.from({ length: 3 }, () => ask(ticket))
      must(await Promise.race(answers))
      const entries = (await readsInLedger()).slice(before)
      expect(entries).toMatchObject([{ fields: { reads: 3 } }])
      for (const entry of entries) expect(world.inside.context.notary.signedEntry(entry.id)).toMatchObject({ closed: true })
      await Promise.all(answers)
    }
  })

  test('gets its own credential and no other, where two are read at the same moment from one address', async () => {
    const first = await ticketOf()
    const fresh = await withoutGateway(world, `other${made}`, 'app')
    const theirs = fresh.accounts[0] as Row
    const secret = Secret.fromText('of the other')
    must(await world.keeper.ask('storeCredential', { account: String(theirs.id), credential: 'password', public: null }, secret))
    const held = await holds(world, world.alice, theirs, world.bob, fresh.target, { action: 'reveal' })
    const given = { code: world.alice.code(), from: home }
    const issued = await issueReadTicket(world, held.grant.id as GrantId, { person: world.alice.id, groups: ['engineers'] }, given)
    const second = await text(must(issued).ticket)
    const answers = await Promise.all(Array.from({ length: 60 }, (_, at) => ask(at % 3 === 0 ? second : first)))
    for (const [at, answer] of answers.entries()) {
      const { target, value } = must(answer)
      expect([target, value]).toEqual(at % 3 === 0 ? [`other${made}`, 'of the other'] : [`read${made}`, 'hunter2'])
    }
  })

  type Never = [string, string, () => Promise<unknown>]
  test.each<Never>([
    ['is not given without a right code', 'factor.code_wrong', async () => await issue(world.alice, { code: '000000' })],
    ['is not given to somebody else', 'access.grant_unknown', async () => await issue(world.erin)],
    ['reads nothing from another address', 'ticket.elsewhere', async () => await ask(await ticketOf(), '192.0.2.11')],
    ['that was guessed reads nothing', 'ticket.unknown', async () => await ask(`clvr_${'A'.repeat(22)}`)],
    [
      'reads nothing once the account was given back',
      'access.grant_over',
      async () => {
        const ticket = await ticketOf()
        must(await ask(ticket))
        await gaveBack(world, grant)
        return await ask(ticket)
      },
    ],
    [
      'reads nothing of an account that is held',
      'release.not_managed',
      async () => {
        const ticket = await ticketOf()
        must(await ask(ticket))
        const row = { ...(await world.vouched('account', String(account.id))), state: 'held' }
        must(await world.write([{ kind: 'account', revision: 3, row }], { by: 'system' }))
        return await ask(ticket)
      },
    ],
    [
      'of a connection reads nothing',
      'ticket.unknown',
      async () => {
        const present = {
          person: world.alice.id,
          revision: 1,
          at: world.clock.now(),
          until: new Date(world.clock.now().getTime() + 60_000),
        }
        const { ticket } = must(await world.inside.context.tickets.issue(String(grant.id), home, present))
        return await ask(await text(ticket))
      },
    ],
  ])('%s', async (_what, code, attempt) => {
    expect(await attempt()).toMatchObject(refused(code))
  })

  test('whose row a superuser bent reads nothing', async () => {
    const ticket = await ticketOf()
    await world.sql(`update vault.connection_ticket set source = '192.0.2.66' where grant_id = $1`, [grant.id])
    expect(await ask(ticket, '192.0.2.66')).toMatchObject(refused('ticket.unknown'))
  })

  test('reads what replaced the credential, once that is current', async () => {
    const ticket = await ticketOf()
    must(await ask(ticket))
    const { vault, pool } = world.inside.context
    await pool.query("update vault.secret_version set state = 'previous' where owner_id = $1", [account.id])
    await vault.put({ kind: 'account', id: String(account.id), what: 'password' }, 'standard', Secret.fromText('next'), {
      state: 'current',
    })
    const answer = must(await ask(ticket))
    expect(answer.version).toBe(2)
    expect(answer.value).toBe('next')
  })
})

describe('the keeper gives nothing', () => {
  const rawAll = async (ticket: string, entries: readonly string[], { reads = 1, version = 1 } = {}) =>
    must(
      await world.keeper.ask(
        'readCredentials',
        { reads: entries.map((entry) => ({ from: home, entry, reads, credential: 'password' as const, version })) },
        Secret.fromText(ticket.repeat(entries.length)),
      ),
    ).reads
  const raw = async (ticket: string, entry: string, how = {}) => (await rawAll(ticket, [entry], how))[0]
  const noted = async (over: object = {}, by = world.alice.id): Promise<EntryId> =>
    (
      await world.audit.noteMany([
        {
          event: credentialRead({
            grant: grant.id as never,
            account: account.id as never,
            credential: 'password',
            version: 1,
            reads: 1,
            ...over,
          }),
          by,
        },
      ])
    )[0] as EntryId

  test('twice for one entry', async () => {
    const ticket = await ticketOf()
    const entry = await noted()
    expect(await raw(ticket, entry)).toMatchObject({ ok: true })
    expect(await raw(ticket, entry)).toMatchObject(refused('keeper.no_intent'))
  })

  test('twice for one entry that stands twice in one question, and tells which are good', async () => {
    const ticket = await ticketOf()
    const [used, good, strange] = [await noted(), await noted(), await noted({ grant: 'grt_aaaaaaaaaa' })]
    expect(await raw(ticket, used)).toMatchObject({ ok: true })
    const no = refused('keeper.no_intent')
    expect(await rawAll(ticket, [used, good, good, strange])).toMatchObject([no, { ok: true }, no, no])
  })

  test.each([
    ['more reads than the entry says', 62, 63],
    ['fewer', 62, 1],
    ['as many, where it does not say how many', undefined, 1],
  ])('for %s', async (_what, recorded, asked) => {
    const ticket = await ticketOf()
    const entry = await noted({ reads: recorded })
    expect(await raw(ticket, entry, { reads: asked })).toMatchObject(refused('keeper.no_intent'))
    if (recorded) expect(await raw(ticket, entry, { reads: recorded })).toMatchObject({ ok: true })
  })

  test.each([
    ['for an entry of somebody else', async () => await noted({}, world.erin.id)],
    ['for an entry about another account', async () => await noted({ account: world.root.id })],
    ['for an entry about another grant', async () => await noted({ grant: 'grt_aaaaaaaaaa' })],
    ['for an entry about another version', async () => await noted({ version: 2 })],
    ['for an entry of another act', async () => await world.audit.note({ act: 'test.written', fields: {}, personal: {} }, world.alice.id)],
  ])('%s', async (_what, entry) => {
    expect(await raw(await ticketOf(), await entry())).toMatchObject(refused('keeper.no_intent'))
  })

  test('for an entry that the ledger does not have', async () => {
    expect(await raw(await ticketOf(), 'ent_zzzzzzzzzz')).toMatchObject(refused('keeper.no_intent'))
  })

  test('for an entry that is older than a minute', async () => {
    const ticket = await ticketOf()
    const entry = await noted()
    world.later(61_000)
    expect(await raw(ticket, entry)).toMatchObject(refused('keeper.no_intent'))
  })

  test('to a gateway', async () => {
    const answer = await world.gateway.ask('recogniseReads', { reads: [{ from: home }] }, Secret.fromText(await ticketOf()))
    expect(answer).toMatchObject(refused('keeper.not_allowed'))
  })
})
