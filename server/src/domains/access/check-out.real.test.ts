import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { askedFor, byPasskey, ownPasskey } from '../../keeper/test/by-passkey.ts'
import { holds, withoutGateway } from '../../keeper/test/check-out.ts'
import { openWorld, type Row, type World } from '../../keeper/test/world.ts'
import type { AccountId, GrantId, PersonId, RequestId } from '../../kernel/id.ts'
import { Secret } from '../../kernel/secret.ts'
import { must } from '../identity/test/house.ts'
import { showRequests } from './access.view.ts'
import { changeCheckOut } from './change-check-out.ts'
import { showCheckOut, showReveals } from './check-out.view.ts'
import { withdrawRequest } from './close-request.ts'
import { endDue, endGrant } from './end-grants.ts'
import { extendGrant } from './extend-grant.ts'
import { fileRequest } from './file-request.ts'
import { giveToNext } from './give-to-next.ts'
import { grantWithoutApproval } from './grant-without-approval.ts'
import { createDecide } from './index.ts'
import { revealCredential } from './reveal-credential.ts'

type Who = { id: PersonId; name: string; code(): string }
let world: World
let account: Row & { id: AccountId }
let name: string
let made = 0
/** Grants whose account has to be rotated. */
let toRotate: string[]
const depsOf = () => ({
  ...{
    db: world.db,
    audit: world.audit,
    keeper: world.keeper,
    now: world.clock.now,
    decide: createDecide(world.keeper),
    shortestSeconds: 20,
    connects: () => true,
  },
  whenGrantEnds: async (_tx: unknown, grant: { id: string; wasHeld: boolean }) => void (grant.wasHeld && toRotate.push(grant.id)),
  isReplaced: async () => rotated,
})
let rotated: boolean
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world?.close())
beforeEach(async () => {
  toRotate = []
  rotated = false
  made += 1
  const target = world.target(`cache${made}`, { kind: 'redis', environment: 'lab', tier: 2 })
  account = (await world.added(target, 'admin'))[0] as Row & { id: AccountId }
  name = `admin@cache${made}`
  must(await world.keeper.ask('storeCredential', { account: account.id, credential: 'password', public: null }, Secret.fromText('hunter2')))
})

const refused = (code: string) => ({ ok: false, error: { code } })
const viewer = (who: Who, groups = ['engineers']) => ({ person: who.id, groups })
const claim = async (who: Who, over: object = {}) => {
  const deps = depsOf()
  const { presence } = await world.present(who)
  const asked = { account: name, seconds: 600, reason: 'restore a key', itsmTicket: null, action: 'reveal' as const, ...over }
  const filed = must(await fileRequest(deps, { person: who.id, presence }, asked))
  must(await grantWithoutApproval(deps, filed.id))
  return await look(filed.id)
}
const look = async (id: RequestId) => {
  const [shown] = await showRequests(world.db, viewer(world.carol, ['security']), { id, view: 'all', limit: 1 })
  if (!shown) throw new Error('there is no such request')
  return shown
}
const back = async (who: Who, grant: string) => must(await endGrant(depsOf(), grant as GrantId, viewer(who), 'given back'))
/** The rotation that the end of a grant orders: the vault's next version. */
const rotate = async () => {
  const { pool, vault } = world.inside.context
  await pool.query("update vault.secret_version set state = 'previous' where owner_id = $1 and state = 'current'", [account.id])
  await vault.put({ kind: 'account', id: account.id, what: 'password' }, 'standard', Secret.fromText('next'), { state: 'current' })
  rotated = true
}
const out = async (who: Who = world.carol, groups = ['security']) =>
  await showCheckOut(world.db, viewer(who, groups), account.id, {
    capabilities: () => ['rotate'],
    trouble: async () => 'target.unreachable',
  })

describe('checking an account out', () => {
  test('gives it to the first, and a place in the queue to each that follows', async () => {
    const [first, second, third] = [await claim(world.alice), await claim(world.erin), await claim(world.alice)]
    expect(first).toMatchObject({ state: 'approved', grant: { exclusive: true, action: 'reveal' } })
    expect([second, third]).toMatchObject([
      { state: 'queued', position: 1 },
      { state: 'queued', position: 2 },
    ])
    expect(await out()).toMatchObject({
      state: 'held',
      holder: { name: 'alice' },
      queue: [{ position: 1, person: { name: 'erin' } }, { position: 2 }],
    })
  })

  test('by many at the same moment gives it to one', async () => {
    const deps = depsOf()
    const filed = []
    for (const who of [world.alice, world.erin, world.alice, world.erin]) {
      const { presence } = await world.present(who)
      const asked = { account: name, seconds: 600, reason: 'mine', itsmTicket: null, action: 'reveal' as const }
      filed.push(must(await fileRequest(deps, { person: who.id, presence }, asked)))
    }
    for (const granted of await Promise.all(filed.map((r) => grantWithoutApproval(deps, r.id)))) must(granted)
    const states = await Promise.all(filed.map(async (r) => (await look(r.id)).state))
    expect(states.toSorted()).toEqual(['approved', 'queued', 'queued', 'queued'])
  })

  test('tells others who holds it, and of the queue only how long it is', async () => {
    await claim(world.alice)
    await claim(world.alice)
    await claim(world.erin)
    expect(await out(world.erin, ['engineers'])).toMatchObject({
      ...{ holder: { name: 'alice' }, grant: null, position: 2 },
      queue: [
        { position: 1, person: null, request: null },
        { position: 2, person: { name: 'erin' } },
      ],
    })
  })

  test('is in the ledger: who got it, who queues, and that it came back', async () => {
    const first = await claim(world.alice)
    await claim(world.erin)
    await back(world.alice, first.grant?.id ?? '')
    await rotate()
    await giveToNext(depsOf(), account.id)
    const acts = (await world.entries()).filter((e) => e.fields.account === account.id && e.phase === 'done').map((e) => e.act)
    expect(acts.slice(-7)).toEqual([
      ...['access.requested', 'access.granted', 'access.requested', 'access.queued'],
      ...['access.grant_ended', 'access.freed', 'access.granted'],
    ])
  })
})

describe('checking it in', () => {
  test('gives it to the next only when its credential was replaced', async () => {
    const [first, second] = [await claim(world.alice), await claim(world.erin)]
    await back(world.alice, first.grant?.id ?? '')
    expect(toRotate).toEqual([first.grant?.id])
    await giveToNext(depsOf(), account.id)
    expect(await out()).toMatchObject({ state: 'returned', trouble: 'target.unreachable', queue: [{ position: 1 }] })
    // the server says so, and the vault does not: the keeper looks for itself
    rotated = true
    await giveToNext(depsOf(), account.id)
    expect(await out()).toMatchObject({ state: 'returned' })
    await rotate()
    await giveToNext(depsOf(), account.id)
    expect(await out()).toMatchObject({ state: 'held', holder: { name: 'erin' }, queue: [] })
    expect(await look(second.id as RequestId)).toMatchObject({ state: 'approved', grant: { state: 'active', person: { name: 'erin' } } })
  })

  test('happens by itself at the end of its time', async () => {
    await claim(world.alice, { seconds: 20 })
    world.later(20_000)
    must(await endDue(depsOf()))
    expect(await out()).toMatchObject({ state: 'returned', holder: { name: 'alice' } })
    expect(toRotate).toHaveLength(1)
  })

  test('can be forced by an officer, and by nobody else', async () => {
    const { grant } = await claim(world.alice)
    const id = grant?.id as GrantId
    expect(await endGrant(depsOf(), id, viewer(world.erin), 'mine')).toMatchObject(refused('access.grant_unknown'))
    must(await endGrant(depsOf(), id, viewer(world.carol, ['security']), 'left for the day'))
    expect(await out()).toMatchObject({ state: 'returned' })
  })

  test('passes over whoever stopped waiting, or was shut out meanwhile', async () => {
    const first = await claim(world.alice)
    const [gone, next] = [await claim(world.alice), await claim(world.erin)]
    const { presence } = await world.present(world.alice)
    must(await withdrawRequest(depsOf(), gone.id as RequestId, { ...viewer(world.alice), presence }))
    await back(world.alice, first.grant?.id ?? '')
    await rotate()
    await giveToNext(depsOf(), account.id)
    expect(await look(next.id as RequestId)).toMatchObject({ state: 'approved' })
  })

  test('goes past a request that policy would not grant any more, and voids it', async () => {
    const first = await claim(world.alice)
    const stale = await claim(world.alice)
    const row = await world.vouched('account', account.id)
    const revision = (world.inside.context.notary.head('account', account.id)?.revision ?? 0) + 1
    await back(world.alice, first.grant?.id ?? '')
    await rotate()
    must(await world.write([{ kind: 'account', revision, row: { ...row, tier: 1 } }], world.stepUp(world.carol)))
    await giveToNext(depsOf(), account.id)
    expect(await look(stale.id as RequestId)).toMatchObject({ state: 'void', voidReason: 'when its turn came: access.changed' })
    expect(await out()).toMatchObject({ state: 'free', queue: [] })
  })
})

describe('an account that an administrator made exclusive', () => {
  test('has one holder also for connecting, and several again when it is shared', async () => {
    const web = (await world.added(world.target(`web${made}`, { environment: 'lab', tier: 2 }), 'deploy'))[0] as Row & { id: AccountId }
    account = web
    name = `deploy@web${made}`
    const connecting = { action: 'connect' as const }
    const set = async (mode: 'shared' | 'exclusive') =>
      await changeCheckOut(depsOf(), web.id, { person: world.carol.id, code: world.carol.code() }, mode)
    const shared = [await claim(world.alice, connecting), await claim(world.erin, connecting)]
    expect(shared.map((r) => r.grant?.state)).toEqual(['active', 'active'])
    must(await set('exclusive'))
    expect(await set('exclusive')).toMatchObject(refused('access.check_out_same'))
    const waits = await claim(world.alice, connecting)
    expect(waits).toMatchObject({ state: 'queued', position: 1 })
    for (const r of shared) await back(r.requester.name === 'alice' ? world.alice : world.erin, r.grant?.id ?? '')
    await giveToNext(depsOf(), web.id)
    expect(await look(waits.id as RequestId)).toMatchObject({ state: 'approved', grant: { exclusive: true } })
    expect(await changeCheckOut(depsOf(), web.id, { person: world.bob.id, code: world.bob.code() }, 'shared')).toMatchObject(
      refused('keeper.not_authorised'),
    )
    must(await set('shared'))
  })
})

describe('seeing the credential', () => {
  const show = async (who: Who, grant: string, over: object = {}) =>
    await revealCredential(depsOf(), grant as GrantId, viewer(who), { code: who.code(), ...over })

  test('takes a fresh code, and who saw which version is in the ledger before it is answered', async () => {
    const { grant } = await claim(world.alice)
    const shown = must(await show(world.alice, grant?.id ?? ''))
    expect(await shown.secret.use('show-to-holder', (b) => Buffer.from(b).toString())).toBe('hunter2')
    expect(await showReveals(world.db, account.id, { limit: 10 })).toMatchObject([
      { person: { name: 'alice' }, credential: 'password', version: 1, state: 'shown' },
    ])
    const acts = (await world.entries()).filter((e) => e.fields.reveal !== undefined)
    expect(acts.slice(-2)).toMatchObject([
      { act: 'access.showing', phase: 'intent', by: world.alice.id, fields: { version: 1 } },
      { act: 'access.shown', phase: 'outcome' },
    ])
    expect(JSON.stringify(await world.entries())).not.toContain('hunter2')
  })

  test('is shown for a passkey, which says yes to this credential alone', async () => {
    const { grant } = await claim(world.alice)
    const passkey = await ownPasskey(world, world.alice)
    const reveal = (credential?: 'password' | 'ssh-key') => async (code: string) =>
      await show(world.alice, grant?.id ?? '', { code, credential })
    const shown = must(await byPasskey(world, passkey, reveal()))
    expect(await shown.secret.use('show-to-holder', (b) => Buffer.from(b).toString())).toBe('hunter2')
    // of the next version it would be another yes
    const answer = passkey.answer(await askedFor(reveal()))
    await rotate()
    expect(await reveal()(answer)).toMatchObject(refused('factor.passkey_refused'))
  })

  test.each<[string, string, (grant: string) => Promise<unknown>]>([
    ['a wrong code', 'factor.code_wrong', async (g) => await show(world.alice, g, { code: '000000' })],
    ['somebody else', 'access.grant_unknown', async (g) => await show(world.erin, g)],
    [
      'a grant that was given back',
      'access.grant_over',
      async (g) => {
        await back(world.alice, g)
        return await show(world.alice, g)
      },
    ],
  ])('is refused for %s', async (_what, code, attempt) => {
    const { grant } = await claim(world.alice)
    expect(await attempt(grant?.id ?? '')).toMatchObject(refused(code))
    expect((await showReveals(world.db, account.id, { limit: 10 })).filter((v) => v.state === 'shown')).toEqual([])
  })
})

describe('more time', () => {
  test('moves the end of the grant, and leaves everything else', async () => {
    const { grant } = await claim(world.alice)
    const { presence } = await world.present(world.alice)
    const asking = { seconds: 300, reason: 'not done', itsmTicket: null }
    const filed = must(await extendGrant(depsOf(), grant?.id as GrantId, { ...viewer(world.alice), presence }, asking))
    must(await grantWithoutApproval(depsOf(), filed.id))
    const after = await look(filed.id)
    expect(after).toMatchObject({ state: 'approved', extends: grant?.id, grant: { id: grant?.id, state: 'active' } })
    expect(Date.parse(after.grant?.endsAt ?? '') - Date.parse(grant?.endsAt ?? '')).toBe(300_000)
  })

  test('is asked for with a passkey, which says yes to these minutes on this grant alone', async () => {
    const { grant } = await claim(world.alice)
    const passkey = await ownPasskey(world, world.alice)
    const { presence } = await world.present(world.alice)
    const more = (seconds: number) => async (code: string) =>
      await extendGrant(
        ...([depsOf(), grant?.id as GrantId, { ...viewer(world.alice), presence, code }] as const),
        ...([{ seconds, reason: 'not done', itsmTicket: null }] as const),
      )
    const answer = passkey.answer(await askedFor(more(60)))
    expect(await more(300)(answer)).toMatchObject(refused('factor.passkey_refused'))
    const filed = must(await byPasskey(world, passkey, more(300)))
    must(await grantWithoutApproval(depsOf(), filed.id))
    expect(await look(filed.id)).toMatchObject({ state: 'approved', extends: grant?.id })
  })

  test('is void when the grant ends before anybody decided', async () => {
    const tier1 = await withoutGateway(world, `vault${made}`, 'admin')
    account = tier1.accounts[0] as Row & { id: AccountId }
    name = `admin@vault${made}`
    must(await world.keeper.ask('storeCredential', { account: account.id, credential: 'password', public: null }, Secret.fromText('x')))
    const { grant } = await holds(world, world.alice, account, world.bob, tier1.target, { action: 'reveal' })
    const { presence } = await world.present(world.alice)
    const asking = { seconds: 300, reason: 'not done', itsmTicket: null }
    const filed = must(await extendGrant(depsOf(), grant.id as GrantId, { ...viewer(world.alice), presence }, asking))
    await back(world.alice, grant.id)
    expect(await look(filed.id)).toMatchObject({ state: 'void', voidReason: 'the grant that it extends ended' })
  })
})
