import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { must } from '../domains/identity/test/house.ts'
import { Secret } from '../kernel/secret.ts'
import { newId } from '../platform/crypto/random.ts'
import type { Seats } from './contract.ts'
import { granted, session } from './test/access.ts'
import { openWorld, type Row, type World } from './test/world.ts'

const roomy: Seats = { person: 50, account: 50, target: 50 }
let world: World
let mine: Held
let others: Held
beforeAll(async () => {
  world = await openWorld()
  for (const account of [world.deploy, world.root])
    must(await world.keeper.ask('storeCredential', { account: account.id, credential: 'password', public: null }, Secret.fromText('p')))
  mine = await held(world.alice, world.deploy)
  others = await held(world.erin, world.deploy)
  return () => world.close()
})
beforeEach(() => limit({}))
afterEach(async () => await world.sql(`update session set state = 'ended'`))

const limit = (seats: Partial<Seats>) => {
  world.inside.context.seats = { ...roomy, ...seats }
}

/** Somebody who is there, with a grant for an account that runs. */
async function held(who: World['alice'], account: Row, on?: Row) {
  const { grant } = await granted(world, who, account, world.bob, on)
  return { grant: String(grant.id), row: grant, ...(await world.present(who)) }
}
type Held = Awaited<ReturnType<typeof held>>

/** A session that is attested and in the ledger, as its gateway has it before it asks for the credential. */
async function begun({ row, presence }: Held): Promise<string> {
  const opened = session(world, row)
  must(await world.write([{ kind: 'session', revision: 1, row: opened }], { by: 'presence', presence }, world.gateway))
  return opened.id
}
const release = async ({ grant, presence }: Held, id: string) => await world.gateway.ask('release', { grant, presence, session: id })
const open = async (by: Held) => await release(by, await begun(by))
const seat = async ({ grant }: Held) => await world.gateway.ask('seat', { grant })
const end = async (id: string, state = 'ended') => void (await world.sql('update session set state = $2 where id = $1', [id, state]))
const tooMany = (of: string, most: number) => ({ ok: false, error: { code: 'session.too_many', facts: { of, most } } })

describe('no more sessions are open at once than there may be', () => {
  test('of one person, on whatever account: the next one is told how many, and what to do', async () => {
    const elsewhere = await held(world.alice, world.root)
    limit({ person: 2 })
    expect(await open(mine)).toMatchObject({ ok: true })
    expect(await seat(elsewhere)).toMatchObject({ ok: true })
    expect(await open(elsewhere)).toMatchObject({ ok: true })
    expect(await seat(mine)).toMatchObject(tooMany('person', 2))
    expect(await open(mine)).toMatchObject({
      error: {
        message:
          'You have 2 sessions open, and nobody has more at once. End one first (claviger sessions list), or ask an operator for more.',
      },
    })
    expect(await open(others)).toMatchObject({ ok: true })
  })

  test('with one account, whoever has them', async () => {
    limit({ account: 2 })
    expect([await open(mine), await open(others)]).toMatchObject([{ ok: true }, { ok: true }])
    for (const by of [mine, others]) {
      expect(await seat(by)).toMatchObject(tooMany('account', 2))
      expect(await open(by)).toMatchObject(tooMany('account', 2))
    }
    expect(await open(await held(world.alice, world.root))).toMatchObject({ ok: true })
  })

  test('on one target, with whichever of its accounts', async () => {
    limit({ target: 1 })
    expect(await open(await held(world.alice, world.root))).toMatchObject({ ok: true })
    expect(await seat(others)).toMatchObject(tooMany('target', 1))
    expect(await open(others)).toMatchObject(tooMany('target', 1))
  })

  test('also when many gateways ask in the same moment: those that the ledger has first get in, and no other', async () => {
    limit({ person: 3 })
    const ids: string[] = []
    for (let i = 0; i < 8; i++) ids.push(await begun(mine))
    const gateways = await Promise.all(ids.map(async () => await world.as('gateway')))
    const answers = await Promise.all(
      ids.toReversed().map(async (id, i) => {
        const answer = await gateways[i]?.ask('release', { grant: mine.grant, presence: mine.presence, session: id })
        return answer?.ok ? id : answer?.error.code
      }),
    )
    const refused = Array<string>(5).fill('session.too_many')
    expect(answers).toEqual([...refused, ids[2], ids[1], ids[0]])
  })

  test('and a session that has its place keeps it when it asks for a newer credential', async () => {
    limit({ person: 2 })
    const [first, second] = [await begun(mine), await begun(mine)]
    for (const id of [first, second, first]) expect(await release(mine, id)).toMatchObject({ ok: true })
  })

  test.each(['ended', 'interrupted', 'refused'])('one that is %s leaves its place', async (state) => {
    limit({ person: 1 })
    const first = await begun(mine)
    expect(await release(mine, first)).toMatchObject({ ok: true })
    expect(await open(mine)).toMatchObject(tooMany('person', 1))
    await world.sql(`update session set state = 'refused' where id <> $1`, [first])
    expect(await seat(mine)).toMatchObject(tooMany('person', 1))
    await end(first, state)
    expect(await seat(mine)).toMatchObject({ ok: true })
    expect(await open(mine)).toMatchObject({ ok: true })
  })

  test('rows that somebody put into the database take no place', async () => {
    limit({ person: 2 })
    for (let i = 0; i < 3; i++) await world.store('session', session(world, mine.row), 1, Buffer.alloc(32, 7))
    expect(await seat(mine)).toMatchObject({ ok: true })
    expect(await open(mine)).toMatchObject({ ok: true })
  })

  test('no other process of ours asks', async () => {
    for (const role of ['api', 'supervisor'] as const)
      expect(await (await world.as(role)).ask('seat', { grant: mine.grant })).toMatchObject({ error: { code: 'keeper.not_allowed' } })
  })
})

describe('policy says fewer', () => {
  test('of one person with one account, the strictest of what matches', async () => {
    const orders = world.target('orders', { tier: 3, environment: 'lab' })
    const [db] = await world.added(orders, 'app')
    must(await world.keeper.ask('storeCredential', { account: String(db?.id), credential: 'password', public: null }, Secret.fromText('p')))
    for (const [name, most] of [
      ['pool-of-two', 2],
      ['pool-of-four', 4],
    ] as const)
      await policy(
        name,
        `@approvals("0") @max("8h") @ticket("none") @mfa("session") @reveal("never") @sessions("${most}")
permit (principal in Group::"engineers", action == Action::"connect", resource) when { resource.tier == 3 };`,
      )
    const pool = await held(world.alice, db as Row, orders)
    expect([await open(pool), await open(pool)]).toMatchObject([{ ok: true }, { ok: true }])
    expect(await seat(pool)).toMatchObject(tooMany('policy', 2))
    expect(await open(pool)).toMatchObject({
      error: {
        message: 'Policy gives you 2 sessions with app@orders at once. End one first (claviger sessions list), and keep a pool no larger.',
      },
    })
    expect(await open(mine)).toMatchObject({ ok: true })
  })
})

async function policy(name: string, text: string): Promise<void> {
  const row = { id: newId('pol'), name, text, state: 'active', created_at: world.clock.now() }
  must(await world.write([{ kind: 'policy', revision: 1, row }], world.setup))
}
