import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Authority } from '../../keeper/contract.ts'
import { askedFor, byPasskey, ownPasskey } from '../../keeper/test/by-passkey.ts'
import { openWorld, type Row, type World } from '../../keeper/test/world.ts'
import type { TargetId } from '../../kernel/id.ts'
import { must } from '../identity/test/house.ts'
import { addTarget, type NewTarget } from './add-target.ts'
import { changeTarget } from './change-target.ts'
import { discoverTarget } from './discover-target.ts'
import { createKinds, type Kinds } from './index.ts'
import { discoverDue, type LeftAlone } from './keep-discovering.ts'
import { found, memoryKind } from './test/memory-kind.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world?.close())

let target: ReturnType<typeof memoryKind>
let kinds: Kinds
let deps: { audit: World['audit']; keeper: World['keeper']; kinds: Kinds; now: () => Date }
let number = 0
beforeEach(() => {
  target = memoryKind()
  target.state.accounts = [found('root', { privileges: ['uid 0'] }), found('deploy'), found('with@sign'), found('two words')]
  target.state.passwords.set('root', 'the managing one')
  kinds = createKinds([target.kind], async () => ({ ok: false, error: { code: 'target.unreachable', detail: 'no network' } }))
  deps = { audit: world.audit, keeper: world.keeper, kinds, now: world.clock.now }
})

const refused = (code: string) => ({ ok: false, error: { code } })
const described = (over: Partial<NewTarget> = {}): NewTarget => ({
  ...{ name: `memory${number++}`, kind: 'memory', environment: 'lab', tier: 2, settings: { host: '192.0.2.1', port: 22 } },
  ...{ identity: { hostKey: 'SHA256:genuine' }, login: { account: 'root', kind: 'password' as const, secret: 'the managing one' } },
  ...over,
})
const add = (given: NewTarget, authority: Authority = world.setup) => addTarget(deps, null, authority, given)
const targets = (name: string) => world.sql('select id from target where name = $1', [name])
const accountsOf = (id: string) =>
  world.sql(
    'select id, name, tier, state, privileges, revision, gone_at is not null as gone from account where target_id = $1 order by name',
    [id],
  )
const entriesOn = async (id: string) => (await world.entries()).filter((e) => e.fields.target === id)

describe('adding a target', () => {
  test('takes a passkey, which says yes to this one with what was found on it, and to no other', async () => {
    const passkey = await ownPasskey(world, world.carol)
    const given = described()
    const by =
      (over: Partial<NewTarget> = {}) =>
      async (code: string) =>
        await add({ ...given, ...over }, { by: 'stepUp', person: world.carol.id, code })
    const answer = passkey.answer(await askedFor(by({ tier: 3 })))
    expect(await by()(answer)).toMatchObject(refused('factor.passkey_refused'))
    expect(await targets(given.name)).toEqual([])
    const { id } = must(await byPasskey(world, passkey, by()))
    expect(await targets(given.name)).toEqual([{ id }])
  })

  test('proves its login first, and knows its privileged accounts from the first moment', async () => {
    const given = described()
    const { id } = must(await add(given, world.stepUp(world.carol)))
    expect(await accountsOf(id)).toMatchObject([
      { name: 'deploy', tier: 2, state: 'found' },
      { name: 'root', tier: 2, state: 'found' },
    ])
    expect(await entriesOn(id)).toMatchObject([
      { act: 'inventory.target_added', fields: { address: '192.0.2.1:22', accounts: ['root', 'deploy'] } },
    ])
    const versions = must(await world.keeper.ask('versions', { accounts: (await accountsOf(id)).map((a) => a.id) }))
    expect(versions.versions).toMatchObject([{ credential: 'password', version: 1, state: 'current' }])
    expect(JSON.stringify(await world.entries())).not.toContain('the managing one')
  })

  test.each<[string, string, () => Partial<NewTarget>]>([
    ['of a kind that there is not', 'inventory.kind_unknown', () => ({ kind: 'oracle' })],
    [
      'with settings that its kind does not have',
      'target.settings_invalid',
      () => ({ settings: { host: '192.0.2.1', port: 22, more: true } }),
    ],
    ['whose login does not work', 'target.login_refused', () => ({ login: { account: 'root', kind: 'password', secret: 'wrong' } })],
    ['that is not who was pinned', 'target.impostor', () => ({ identity: { hostKey: 'SHA256:other' } })],
    [
      'managed by an account that is not privileged there',
      'inventory.manager_not_privileged',
      () => {
        target.state.passwords.set('guest', 'guest')
        return { login: { account: 'guest', kind: 'password', secret: 'guest' } }
      },
    ],
    ['under a name that is taken', 'inventory.name_taken', () => ({ name: 'web01' })],
  ])('is refused for one %s, and nothing of it is kept', async (_what, code, over) => {
    const given = described(over())
    const before = (await targets(given.name)).length
    expect(await add(given)).toMatchObject(refused(code))
    expect(await targets(given.name)).toHaveLength(before)
  })

  test.each<[string, () => Promise<Authority>]>([
    ['an engineer with a fresh code', async () => world.stepUp(world.alice)],
    ['an administrator without one', async () => await world.present(world.carol)],
    ['nobody', async () => ({ by: 'system' })],
    ['a made-up setup token', async () => ({ by: 'setup', token: 'x' })],
  ])('is refused to %s', async (_who, authority) => {
    const given = described()
    expect((await add(given, await authority())).ok).toBe(false)
    expect(await targets(given.name)).toEqual([])
  })

  test('sends an impostor no credential', async () => {
    await add(described({ identity: { hostKey: 'SHA256:other' } }))
    expect(target.state.heard).toEqual([])
  })
})

describe('discovery', () => {
  const discover = (id: TargetId) => discoverTarget(deps, world.carol.id, id)
  const added = async () => must(await add(described())).id

  test('finds what is new, sees what changed and what is gone, and says all of it', async () => {
    const id = await added()
    target.state.accounts = [found('root', { privileges: ['uid 0'] }), found('deploy', { privileges: ['sudo', 'docker'] }), found('backup')]
    expect(must(await discover(id))).toMatchObject({ found: 3, added: 1, gone: [] })
    target.state.accounts = target.state.accounts.slice(0, 1)
    expect(must(await discover(id))).toMatchObject({ found: 1, added: 0, gone: ['backup', 'deploy'] })
    expect(await accountsOf(id)).toMatchObject([
      { name: 'backup', gone: true },
      { name: 'deploy', gone: true, privileges: ['docker', 'sudo'], revision: 2 },
      { name: 'root', gone: false, revision: 1 },
    ])
    const said = (await entriesOn(id)).map((e) => [e.act, e.phase])
    expect(said.slice(1)).toEqual([
      ['inventory.discovery', 'intent'],
      ['inventory.discovered', 'outcome'],
      ['inventory.discovery', 'intent'],
      ['inventory.discovered', 'outcome'],
    ])
  })

  test('of more accounts than go into one entry is one act, also where all of them go', async () => {
    target.state.accounts = [...Array.from({ length: 450 }, (_, n) => found(`clerk${n}`)), found('root', { privileges: ['uid 0'] })]
    const id = await added()
    expect(await accountsOf(id)).toHaveLength(451)
    target.state.accounts = [found('root', { privileges: ['uid 0'] }), ...Array.from({ length: 600 }, (_, n) => found(`other${n}`))]
    expect(must(await discover(id))).toMatchObject({ found: 601, added: 600, gone: expect.objectContaining({ length: 450 }) })
    const said = (await entriesOn(id)).slice(-4)
    expect(said.map((e) => [e.act, e.phase])).toEqual([
      ['inventory.discovery', 'intent'],
      ['inventory.discovered', 'done'],
      ['inventory.discovered', 'done'],
      ['inventory.discovered', 'outcome'],
    ])
    const named = (what: string) => said.slice(1).flatMap((e) => e.fields[what] as string[])
    expect([new Set(named('added')).size, new Set(named('gone')).size]).toEqual([600, 450])
    const [one] = (await accountsOf(id)).filter((a) => a.name === 'other599') as [{ id: string }]
    expect(await world.vouched('account', one.id)).toMatchObject({ name: 'other599' })
  })

  test('leaves the tier and the state that somebody gave an account', async () => {
    const id = await added()
    const [deploy] = (await accountsOf(id)) as [{ id: string }]
    const row = await world.vouched('account', deploy.id)
    must(await world.write([{ kind: 'account', revision: 2, row: { ...row, tier: 3, state: 'held' } }], world.stepUp(world.carol)))
    target.state.accounts = [found('root', { privileges: ['uid 0'] }), found('deploy', { privileges: ['sudo', 'docker'] })]
    must(await discover(id))
    expect(await world.vouched('account', deploy.id)).toMatchObject({ tier: 3, state: 'held', privileges: ['docker', 'sudo'] })
  })

  test('of an impostor raises an alarm, tells it nothing and changes nothing', async () => {
    const id = await added()
    const before = await accountsOf(id)
    target.state.hostKey = 'SHA256:impostor'
    target.state.heard = []
    target.state.accounts = []
    expect(await discover(id)).toMatchObject(refused('target.impostor'))
    expect(target.state.heard).toEqual([])
    expect(await accountsOf(id)).toEqual(before)
    const said = (await entriesOn(id)).slice(1)
    expect(said.map((e) => [e.act, e.phase])).toEqual([
      ['inventory.discovery', 'intent'],
      ['alarm.impostor', 'alarm'],
      ['inventory.discovery_failed', 'outcome'],
    ])
  })

  test('of a target that somebody changed in the database goes nowhere', async () => {
    const id = await added()
    await world.sql(`update target set settings = '{"host": "198.51.100.66", "port": 22}' where id = $1`, [id])
    target.state.heard = []
    expect(await discover(id)).toMatchObject(refused('keeper.forged_row'))
    expect(target.state.heard).toEqual([])
  })

  test('of what there is not says so', async () => {
    expect(await discover('tgt_aaaaaaaaaa' as TargetId)).toMatchObject(refused('inventory.target_unknown'))
  })
})

describe('changing a target', () => {
  const change = (id: TargetId, over: Row) =>
    changeTarget(
      { ...deps, whenTargetChanges: async () => ({ ok: true, value: { requests: [], grants: [] } }) },
      world.carol.id,
      world.stepUp(world.carol),
      id,
      over as never,
    )

  test('that changes nothing is refused, so that nobody voids grants by accident', async () => {
    const { id } = must(await add(described()))
    expect(await change(id, { settings: { host: '192.0.2.1' }, tier: 2 })).toMatchObject(refused('inventory.nothing_to_change'))
  })

  test('to settings that its kind does not have is refused', async () => {
    const { id } = must(await add(described()))
    expect(await change(id, { settings: { port: 'twenty-two' } })).toMatchObject(refused('target.settings_invalid'))
    expect(await change('tgt_aaaaaaaaaa' as TargetId, { tier: 3 })).toMatchObject(refused('inventory.target_unknown'))
  })

  test('is undone when what it voids cannot be voided', async () => {
    const { id } = must(await add(described()))
    const changed = await changeTarget(
      { ...deps, whenTargetChanges: async () => ({ ok: false, error: { code: 'keeper.forged_row', message: 'a grant was forged' } }) },
      world.carol.id,
      world.stepUp(world.carol),
      id,
      { tier: 0 },
    )
    expect(changed).toMatchObject(refused('keeper.forged_row'))
    expect(await world.vouched('target', id)).toMatchObject({ tier: 2 })
  })
})

// last: it puts the clock forward
test('discovery comes by itself where nobody looked for a week, with what was not there before, and leaves one alone for a day that did not let us look', async () => {
  const week = { ...deps, db: world.db, discoverMs: 7 * 86_400_000 }
  const day = 86_400_000
  const left: LeftAlone = new Map()
  const entries = async (id: string) => (await entriesOn(id)).filter(({ act }) => act === 'inventory.discovery')
  const id = must(await add(described())).id
  await discoverDue(week, left)
  expect(await entries(id), 'it was looked at when it was added').toEqual([])
  target.state.accounts.push(found('newcomer'))
  world.later(7 * day)
  await discoverDue(week, left)
  await discoverDue(week, left)
  expect(await entries(id)).toMatchObject([{ phase: 'intent', by: null, fields: { trigger: 'schedule' } }])
  expect((await accountsOf(id)).map(({ name }) => name)).toContain('newcomer')
  must(await discoverTarget(deps, world.carol.id, id))
  expect((await entries(id)).at(-1)).toMatchObject({ by: world.carol.id, fields: { trigger: 'person' } })

  target.state.passwords.set('root', 'another one')
  world.later(7 * day)
  for (let looks = 0; looks < 3; looks++) await discoverDue(week, left)
  expect(await entries(id)).toHaveLength(3)
  expect((await entriesOn(id)).at(-1)).toMatchObject({ act: 'inventory.discovery_failed', fields: { code: 'target.login_refused' } })
  world.later(day)
  await discoverDue(week, left)
  expect(await entries(id)).toHaveLength(4)
})
