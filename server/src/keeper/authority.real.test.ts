import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PersonId } from '../kernel/id.ts'
import { newId } from '../platform/crypto/random.ts'
import type { NewRow } from './attest-rows.ts'
import type { Authority } from './contract.ts'
import type { FactKind } from './facts/fact.ts'
import { type Drafted, draft, filed, grant, granted, session, vote } from './test/access.ts'
import { openWorld, type Row, type World } from './test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world?.close())

const row = (kind: FactKind, content: Row, revision = 1): NewRow => ({ kind, revision, row: content })
type Who = { id: PersonId; code(): string }
const invited = (over: Row = {}) => ({
  id: newId('per'),
  name: `p${newId('per').slice(4)}`,
  display_name: 'Somebody',
  groups: ['engineers'],
  state: 'invited',
  ...over,
})
const refused = (code: string) => ({ ok: false, error: { code } })

describe('the keeper attests people', () => {
  const known = async (who: Who, over: Row) => ({ ...(await world.vouched('person', who.id)), ...over })
  test.each<[string, () => Promise<[Row, Authority]>]>([
    ['to an engineer with a fresh code', async () => [invited(), world.stepUp(world.alice)]],
    ['to an administrator who is only present', async () => [invited(), await world.present(world.carol)]],
    ['to the server by itself', async () => [invited(), { by: 'system' }]],
    ['as active from the start', async () => [invited({ state: 'active' }), world.stepUp(world.carol)]],
    [
      'with other groups to themselves, even an administrator',
      async () => [await known(world.carol, { groups: ['administrators', 'engineers'] }), world.stepUp(world.carol)],
    ],
    ['as invited again, which would hand them over', async () => [await known(world.bob, { state: 'invited' }), world.stepUp(world.carol)]],
  ])('never %s', async (_what, make) => {
    const [content, authority] = await make()
    expect(await world.write([row('person', content, await next('person', content))], authority)).toMatchObject(
      refused('keeper.not_authorised'),
    )
  })

  test('as invited by an administrator with a fresh code, and active by nobody but themselves', async () => {
    const person = invited()
    expect(await world.write([row('person', person)], world.stepUp(world.carol))).toMatchObject({ ok: true })
    expect(await world.write([row('person', { ...person, state: 'active' }, 2)], world.stepUp(world.carol))).toMatchObject(
      refused('keeper.not_authorised'),
    )
  })

  test('with other groups to another person, for an administrator with a fresh code', async () => {
    const bob = await world.vouched('person', world.bob.id)
    expect(
      await world.write([row('person', { ...bob, display_name: 'Robert' }, await next('person', bob))], world.stepUp(world.carol)),
    ).toMatchObject({ ok: true })
  })
})

/** The revision that comes next. */
async function next(kind: FactKind, content: Row): Promise<number> {
  return (world.inside.context.notary.head(kind, String(content.id))?.revision ?? 0) + 1
}

describe('the keeper attests no factor and no key', () => {
  const factor = (over: Row = {}) => ({
    id: newId('fac'),
    person_id: world.bob.id,
    kind: 'password',
    verifier: 'x',
    state: 'active',
    ...over,
  })
  const key = (over: Row = {}) => ({
    id: newId('key'),
    person_id: world.bob.id,
    algorithm: 'ssh-ed25519',
    public_key: 'ssh-ed25519 AAAA',
    fingerprint: newId('key'),
    state: 'active',
    ...over,
  })
  test.each<[string, () => Promise<[NewRow, Authority]>]>([
    ['a password, by an administrator', async () => [row('factor', factor()), world.stepUp(world.carol)]],
    ['a password, by its owner without an enrolment', async () => [row('factor', factor()), world.stepUp(world.bob)]],
    ['an authenticator, with the setup token', async () => [row('factor', factor({ kind: 'totp', verifier: '' })), world.setup]],
    ['a key, by another person', async () => [row('ssh_key', key()), world.stepUp(world.alice)]],
    ['a key, by an administrator', async () => [row('ssh_key', key()), world.stepUp(world.carol)]],
    ['a key, by its owner without a fresh code', async () => [row('ssh_key', key()), await world.present(world.bob)]],
    ['a key, by nobody', async () => [row('ssh_key', key()), { by: 'system' }]],
  ])('of somebody: %s', async (_what, make) => {
    const [fact, authority] = await make()
    expect(await world.write([fact], authority)).toMatchObject(refused('keeper.not_authorised'))
  })

  test('but a key by its owner with a fresh code, who alone or an administrator takes it away for good', async () => {
    const mine = key()
    expect(await world.write([row('ssh_key', mine)], world.stepUp(world.bob))).toMatchObject({ ok: true })
    const gone = row('ssh_key', { ...mine, state: 'removed' }, 2)
    expect(await world.write([gone], world.stepUp(world.alice))).toMatchObject(refused('keeper.not_authorised'))
    expect(await world.write([row('ssh_key', { ...mine, person_id: world.alice.id }, 2)], world.stepUp(world.bob))).toMatchObject(
      refused('keeper.not_authorised'),
    )
    expect(await world.write([gone], await world.present(world.bob))).toMatchObject({ ok: true })
    expect(await world.write([row('ssh_key', mine, 3)], world.stepUp(world.bob))).toMatchObject(refused('keeper.not_authorised'))
  })
})

describe('the keeper attests targets, accounts and policies', () => {
  const changed = (content: Row, over: Row) => ({ ...content, ...over })
  test.each<[string, () => Promise<[FactKind, Row, Authority]>]>([
    [
      'another address of a target to an engineer',
      async () => ['target', changed(world.web01, { settings: { host: '198.51.100.1', port: 22 } }), world.stepUp(world.alice)],
    ],
    [
      'another host key to the server by itself',
      async () => ['target', changed(world.web01, { identity: { hostKey: 'SHA256:other' } }), { by: 'system' }],
    ],
    [
      'another kind of target to an administrator',
      async () => ['target', changed(world.web01, { kind: 'postgres' }), world.stepUp(world.carol)],
    ],
    ['a less critical account to the server by itself', async () => ['account', changed(world.deploy, { tier: 3 }), { by: 'system' }]],
    [
      'an account on another target to an administrator',
      async () => ['account', changed(world.deploy, { target_id: (await other()).id }), world.stepUp(world.carol)],
    ],
    [
      'an account under another name to an administrator',
      async () => ['account', changed(world.deploy, { name: 'root2' }), world.stepUp(world.carol)],
    ],
    [
      'a policy to an administrator',
      async () => [
        'policy',
        { id: newId('pol'), name: 'mine', text: 'permit (principal, action, resource);', state: 'active' },
        world.stepUp(world.carol),
      ],
    ],
    [
      'a policy to the server by itself',
      async () => [
        'policy',
        { id: newId('pol'), name: 'mine', text: 'permit (principal, action, resource);', state: 'active' },
        { by: 'system' },
      ],
    ],
  ])('never %s', async (_what, make) => {
    const [kind, content, authority] = await make()
    expect(await world.write([row(kind, content, await next(kind, content))], authority)).toMatchObject(refused('keeper.not_authorised'))
  })

  let another: ReturnType<World['target']> | undefined
  const other = async () => {
    another ??= world.target('web02')
    if ((await next('target', another)) === 1) await world.added(another, 'deploy')
    return another
  }

  test('that are held: only an administrator lets go of one', async () => {
    const on = await other()
    const [held] = await world.added(world.target('web03'), 'deploy')
    expect(await world.write([row('account', { ...held, state: 'held' }, 3)], { by: 'system' })).toMatchObject({ ok: true })
    expect(await world.write([row('account', { ...held, state: 'managed' }, 4)], { by: 'system' })).toMatchObject(
      refused('keeper.not_authorised'),
    )
    expect(await world.write([row('account', { ...held, state: 'managed' }, 4)], world.stepUp(world.carol))).toMatchObject({ ok: true })
    expect(on.name).toBe('web02')
  })

  test('that a gateway asks for, never', async () => {
    const found = world.account(world.web01, 'extra')
    expect(await world.write([row('account', found)], { by: 'system' }, world.gateway)).toMatchObject(refused('keeper.not_authorised'))
    expect(await world.write([row('account', { ...found, state: 'managed' })], { by: 'system' })).toMatchObject(
      refused('keeper.not_authorised'),
    )
    expect(await world.write([row('account', { ...found, tier: 2 })], { by: 'system' })).toMatchObject(refused('keeper.not_authorised'))
    expect(await world.write([row('account', found)], { by: 'system' })).toMatchObject({ ok: true })
  })
})

describe('the keeper attests a request', () => {
  test('that says what policy says, by the person who asks', async () => {
    await filed(world, world.alice, world.deploy)
  })

  type Case = [string, string, () => Promise<[Row, Authority]>]
  test.each<Case>([
    [
      'filed in another name',
      'keeper.not_authorised',
      async () => [await draft(world, world.alice, world.deploy), await world.present(world.erin)],
    ],
    [
      'filed by the server for somebody',
      'keeper.not_authorised',
      async () => [await draft(world, world.alice, world.deploy), { by: 'system' }],
    ],
    [
      'that demands less than policy does',
      'access.policy_changed',
      async () => {
        const honest = await draft(world, world.alice, world.deploy)
        const cheap = { ...(honest.obligations as Row), approvals: 0 }
        return [await draft(world, world.alice, world.deploy, world.web01, { obligations: cheap }), await world.present(world.alice)]
      },
    ],
    [
      'with another digest',
      'access.changed',
      async () => [{ ...(await draft(world, world.alice, world.deploy)), digest: 'b'.repeat(64) }, await world.present(world.alice)],
    ],
    [
      'longer than policy allows',
      'policy.over_maximum',
      async () => [await draft(world, world.alice, world.deploy, world.web01, { seconds: 5 * 3600 }), await world.present(world.alice)],
    ],
    ['by an auditor', 'policy.forbidden', async () => [await draft(world, world.dave, world.deploy), await world.present(world.dave)]],
    [
      'by somebody whom no policy permits',
      'policy.no_permit',
      async () => [await draft(world, world.bob, world.deploy), await world.present(world.bob)],
    ],
    [
      'that waits for longer than a day',
      'keeper.not_authorised',
      async () => [
        await draft(world, world.alice, world.deploy, world.web01, { expires_at: new Date(world.clock.now().getTime() + 25 * 3600_000) }),
        await world.present(world.alice),
      ],
    ],
    [
      'that is dated back',
      'keeper.not_authorised',
      async () => [
        await draft(world, world.alice, world.deploy, world.web01, { created_at: new Date(world.clock.now().getTime() - 3600_000) }),
        await world.present(world.alice),
      ],
    ],
    [
      'that is approved as it is filed, where policy wants approvals',
      'access.approvals_missing',
      async () => [await draft(world, world.alice, world.deploy, world.web01, { state: 'approved' }), await world.present(world.alice)],
    ],
    [
      'that is denied as it is filed',
      'keeper.not_authorised',
      async () => [await draft(world, world.alice, world.deploy, world.web01, { state: 'denied' }), await world.present(world.alice)],
    ],
  ])('never %s', async (_what, code, make) => {
    // the presence is taken first where it moves the clock
    const [content, authority] = await make()
    expect(await world.write([row('access_request', content)], authority)).toMatchObject(refused(code))
  })
})

describe('the keeper attests a yes', () => {
  type Given = { request: Drafted; by: Who; over?: Row; authority?: Authority }
  const yes = async ({ request, by, over = {}, authority = world.stepUp(by) }: Given) =>
    await world.write([row('approval', vote(world, request, by, over))], authority)

  test('by an approver with a fresh code, once', async () => {
    const request = await filed(world, world.alice, world.deploy)
    expect(await yes({ request, by: world.bob })).toMatchObject({ ok: true })
    // the second is the database's to refuse: the keeper counts a person once
    await expect(yes({ request, by: world.bob })).rejects.toMatchObject({ constraint: 'approval_once_by_each' })
  })

  type Case = [string, string, () => Promise<Given>]
  test.each<Case>([
    ['to one’s own request', 'access.own_request', async () => ({ request: await filed(world, world.erin, world.deploy), by: world.erin })],
    [
      'to one’s own request under another requester’s name',
      'access.own_request',
      async () => ({ request: await filed(world, world.erin, world.deploy), by: world.erin, over: { requester_id: world.alice.id } }),
    ],
    [
      'in another approver’s name',
      'keeper.not_authorised',
      async () => ({ request: await filed(world, world.erin, world.deploy), by: world.bob, authority: world.stepUp(world.erin) }),
    ],
    [
      'without a fresh code',
      'access.step_up_needed',
      async () => ({ request: await filed(world, world.alice, world.deploy), by: world.bob, authority: await world.present(world.bob) }),
    ],
    [
      'to what was not shown',
      'access.other_digest',
      async () => ({ request: await filed(world, world.alice, world.deploy), by: world.bob, over: { digest: 'c'.repeat(64) } }),
    ],
    [
      'by somebody in no approving group',
      'access.not_an_approver',
      async () => ({ request: await filed(world, world.erin, world.deploy), by: world.alice }),
    ],
    [
      'by nobody',
      'keeper.not_authorised',
      async () => ({ request: await filed(world, world.alice, world.deploy), by: world.bob, authority: { by: 'system' } }),
    ],
    [
      'to nothing',
      'access.request_unknown',
      async () => ({ request: { ...(await filed(world, world.alice, world.deploy)), id: newId('req') }, by: world.bob }),
    ],
    [
      'once the request has expired',
      'access.expired',
      async () => {
        const request = await filed(world, world.alice, world.deploy, undefined, {
          expires_at: new Date(world.clock.now().getTime() + 60 * 60_000),
        })
        world.later(61 * 60_000)
        return { request, by: world.bob }
      },
    ],
  ])('never %s', async (_what, code, make) => {
    const given = await make()
    expect(await yes(given)).toMatchObject(refused(code))
    expect(await world.sql('select id from approval where request_id = $1', [given.request.id])).toEqual([])
  })

  test('never with a code that was used for something else', async () => {
    const request = await filed(world, world.alice, world.deploy)
    const code = world.bob.code()
    await world.keeper.ask('presence', { person: world.bob.id, code })
    expect(await yes({ request, by: world.bob, authority: { by: 'stepUp', person: world.bob.id, code } })).toMatchObject(
      refused('factor.code_used'),
    )
  })

  test('never once the target is another', async () => {
    const on = world.target('moving')
    const [account] = await world.added(on, 'deploy')
    const request = await filed(world, world.alice, account as Row, on)
    const moved = { ...on, settings: { host: '198.51.100.9', port: 22 } }
    expect(await world.write([row('target', moved, 2)], world.stepUp(world.carol))).toMatchObject({ ok: true })
    expect(await yes({ request, by: world.bob })).toMatchObject(refused('access.changed'))
  })

  test('that leaves its request waiting, never as a no', async () => {
    const request = await filed(world, world.alice, world.deploy)
    const no = row('approval', vote(world, request, world.bob, { verdict: 'denied', factor_kind: null }))
    expect(await world.write([no], await world.present(world.bob))).toMatchObject(refused('keeper.not_authorised'))
    const denied = row('access_request', { ...request, state: 'denied' }, 2)
    expect(await world.write([denied], await world.present(world.bob))).toMatchObject(refused('keeper.not_authorised'))
    expect(await world.write([no, denied], await world.present(world.bob))).toMatchObject({ ok: true })
    expect(await yes({ request, by: world.carol })).toMatchObject(refused('access.wrong_state'))
  })
})

describe('the keeper attests a grant', () => {
  const act = (request: Drafted, by: Who, over: Row = {}) => [
    row('approval', vote(world, request, by)),
    row('access_request', { ...request, state: 'approved' }, 2),
    row('access_grant', grant(world, request, over)),
  ]

  test('in the act that approves the request, and never a second one for it', async () => {
    const { request } = await granted(world, world.alice, world.deploy, world.bob)
    expect(await world.write([row('access_grant', grant(world, request))], { by: 'system' })).toMatchObject(
      refused('keeper.not_authorised'),
    )
    const twice = await filed(world, world.alice, world.deploy)
    const authority = world.stepUp(world.bob)
    expect(await world.write([...act(twice, world.bob), row('access_grant', grant(world, twice))], authority)).toMatchObject(
      refused('keeper.malformed'),
    )
  })

  test.each<[string, (r: Drafted) => Row]>([
    ['longer than was asked', (r) => ({ ends_at: new Date(world.clock.now().getTime() + (Number(r.seconds) + 60) * 1000) })],
    ['that ends before it begins', () => ({ ends_at: new Date(world.clock.now().getTime() - 1000) })],
    [
      'that begins tomorrow',
      () => ({
        starts_at: new Date(world.clock.now().getTime() + 86_400_000),
        ends_at: new Date(world.clock.now().getTime() + 86_460_000),
      }),
    ],
    ['for another person', () => ({ person_id: world.erin.id })],
    ['for another account', () => ({ account_id: world.root.id })],
    ['of another epoch', () => ({ epoch: 7 })],
    ['that has ended already', () => ({ state: 'ended' })],
  ])('never one %s', async (_what, over) => {
    const request = await filed(world, world.alice, world.deploy)
    const authority = world.stepUp(world.bob)
    expect(await world.write(act(request, world.bob, over(request)), authority)).toMatchObject(refused('keeper.not_authorised'))
    expect(await world.sql('select id from access_grant where request_id = $1', [request.id])).toEqual([])
  })

  test('never without the approvals that policy demands', async () => {
    const request = await filed(world, world.alice, world.deploy)
    const [, approved, given] = act(request, world.bob) as [NewRow, NewRow, NewRow]
    expect(await world.write([approved, given], { by: 'system' })).toMatchObject(refused('access.approvals_missing'))
    expect(await world.write([given], { by: 'system' })).toMatchObject(refused('access.approvals_missing'))
  })

  test('on tier 0 only with two people, one from each side', async () => {
    const on = world.target('dc01', { tier: 0 })
    const [admin] = (await world.added(on, 'administrator')) as Row[] as [Row]
    const over = { seconds: 3600, itsm_ticket: 'CHG-1' }
    const both = await filed(world, world.alice, admin, on, over)
    const one = world.stepUp(world.bob)
    expect(await world.write(act(both, world.bob), one)).toMatchObject(refused('access.approvals_missing'))
    expect(await world.write([row('approval', vote(world, both, world.bob))], world.stepUp(world.bob))).toMatchObject({ ok: true })
    // erin is in approvers only, as bob is: two people, one side
    const erin = world.stepUp(world.erin)
    expect(await world.write(act(both, world.erin), erin)).toMatchObject(refused('access.approvals_missing'))
    const carol = world.stepUp(world.carol)
    expect(await world.write(act(both, world.carol), carol)).toMatchObject({ ok: true })
  })

  test('never goes back, and never on', async () => {
    const { grant: g } = await granted(world, world.alice, world.deploy, world.bob)
    const longer = { ...g, ends_at: new Date(world.clock.now().getTime() + 7 * 3600_000) }
    expect(await world.write([row('access_grant', longer, 2)], { by: 'system' })).toMatchObject(refused('keeper.not_authorised'))
    expect(await world.write([row('access_grant', { ...g, state: 'ended' }, 2)], { by: 'system' })).toMatchObject({ ok: true })
    expect(await world.write([row('access_grant', g, 3)], { by: 'system' })).toMatchObject(refused('keeper.not_authorised'))
  })

  test('of a request that expired meanwhile, never, whoever said yes in time', async () => {
    const request = await filed(world, world.alice, world.deploy, undefined, {
      expires_at: new Date(world.clock.now().getTime() + 3600_000),
    })
    const [yes, approved] = act(request, world.bob) as [NewRow, NewRow, NewRow]
    expect(await world.write([yes], world.stepUp(world.bob))).toMatchObject({ ok: true })
    world.later(3600_000)
    expect(await world.write([approved, row('access_grant', grant(world, request))], { by: 'system' })).toMatchObject(
      refused('access.expired'),
    )
  })
})

describe('the keeper attests a session', () => {
  test('to a gateway, for a person who is there, under their grant that runs', async () => {
    const { grant: g } = await granted(world, world.alice, world.deploy, world.bob)
    const here = await world.present(world.alice)
    const opened = [row('session', session(world, g))]
    expect(await world.write(opened, here, world.keeper)).toMatchObject(refused('keeper.not_authorised'))
    expect(await world.write(opened, { by: 'system' }, world.gateway)).toMatchObject(refused('keeper.not_authorised'))
    expect(await world.write(opened, await world.present(world.bob), world.gateway)).toMatchObject(refused('keeper.not_authorised'))
    const others = row('session', session(world, g, { account_id: world.root.id }))
    expect(await world.write([others], here, world.gateway)).toMatchObject(refused('keeper.not_authorised'))
    expect(await world.write(opened, here, world.gateway)).toMatchObject({ ok: true })
    expect(await world.write([row('session', session(world, g, { id: opened[0]?.row.id }), 2)], here, world.gateway)).toMatchObject(
      refused('keeper.not_authorised'),
    )
    world.later(3600_000)
    expect(await world.write([row('session', session(world, g))], await world.present(world.alice), world.gateway)).toMatchObject(
      refused('access.grant_over'),
    )
  })
})

test('what another act changed meanwhile is not attested on top', async () => {
  const bob = await world.vouched('person', world.bob.id)
  const behind = (await next('person', bob)) - 1
  expect(await world.write([row('person', { ...bob, display_name: 'Bobby' }, behind)], world.stepUp(world.carol))).toMatchObject(
    refused('keeper.stale'),
  )
})

test.each([
  ['with a column too many', { more: 1 }],
  ['with a column missing', { name: undefined }],
])('a row %s is not attested', async (_what, over) => {
  const { name, ...rest } = invited()
  const content = 'more' in over ? { ...rest, name, ...over } : rest
  const asked = { rows: [{ kind: 'person' as const, revision: 1, content: content as never }], authority: world.setup }
  expect(await world.keeper.ask('attest', asked)).toMatchObject(refused('keeper.malformed'))
})
