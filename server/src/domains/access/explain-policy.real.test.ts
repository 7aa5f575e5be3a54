import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { filed } from '../../keeper/test/access.ts'
import { openWorld, type World } from '../../keeper/test/world.ts'
import { must } from '../identity/test/house.ts'
import { showRequests } from './access.view.ts'
import { type ExplainDeps, explainDecision, listPolicies, whoCan } from './explain-policy.ts'
import { createDecide } from './index.ts'

let world: World
let deps: ExplainDeps
beforeAll(async () => {
  world = await openWorld()
  deps = { db: world.db, keeper: world.keeper, decide: createDecide(world.keeper) }
})
afterAll(() => world?.close())

const why = (person: string, over = {}) =>
  explainDecision(deps, {
    ...{ viewer: world.carol.id, person, account: 'deploy@web01', action: 'connect' as const, seconds: 3600, itsmTicket: true },
    ...over,
  })

describe('why', () => {
  test('names the rule, what it demands and who would be asked', async () => {
    const answer = must(await why('alice'))
    expect(answer).toMatchObject({ allowed: true, because: ['tier-1'], obligations: { approvals: 1 }, person: { name: 'alice' } })
    expect(answer.rules).toMatchObject([{ name: 'tier-1', effect: 'permit', title: expect.stringContaining('High risk') }])
    expect(answer.approvers).toContain('bob')
  })

  test('says why not, and which group would get a yes', async () => {
    expect(must(await why('bob'))).toMatchObject({
      allowed: false,
      code: 'policy.no_permit',
      allowedGroups: ['engineers', 'administrators'],
    })
    expect(must(await why('dave'))).toMatchObject({ allowed: false, code: 'policy.forbidden', because: ['floor-auditors'] })
    expect(must(await why('alice', { seconds: 9 * 3600 }))).toMatchObject({ allowed: false, code: 'policy.over_maximum' })
  })

  test('knows nobody and nothing that does not exist', async () => {
    expect(await why('nobody')).toMatchObject({ ok: false, error: { code: 'access.person_unknown' } })
    expect(await why('alice', { account: 'x@y' })).toMatchObject({ ok: false, error: { code: 'access.account_unknown' } })
  })
})

test('who can lists every person and group with what would be demanded', async () => {
  const found = must(await whoCan(deps, world.carol.id, 'deploy@web01', 'connect'))
  expect(found.groups.filter((g) => g.allowed).map((g) => g.group)).toEqual(['engineers', 'administrators'])
  expect(found.people.filter((p) => p.allowed).map((p) => p.name)).toEqual(['alice', 'carol', 'erin'])
  expect(found).toMatchObject({ complete: true, looked: 5 })
  const revealed = must(await whoCan(deps, world.carol.id, 'deploy@web01', 'reveal'))
  expect(revealed.people.some((p) => p.allowed)).toBe(false)
})

test('requests go on after the last one of the page before', async () => {
  for (let i = 0; i < 3; i++) await filed(world, world.alice, world.deploy)
  const viewer = { person: world.alice.id, groups: ['engineers'] }
  const all = await showRequests(world.db, viewer, { view: 'mine', limit: 10 })
  const first = await showRequests(world.db, viewer, { view: 'mine', limit: 2 })
  const second = await showRequests(world.db, viewer, { view: 'mine', limit: 2, after: first.at(-1)?.id })
  expect([...first, ...second].map((r) => r.id)).toEqual(all.slice(0, 4).map((r) => r.id))
})

describe('a policy that somebody forged', () => {
  test('shows as such, also one that was only added, and nothing is decided', async () => {
    const listed = must(await listPolicies(deps)).policies
    expect(listed.every((p) => p.forged === null && p.effect !== null)).toBe(true)
    const tier1 = listed.find((p) => p.name === 'tier-1')
    expect(tier1?.demands).toMatchObject({ approvals: 1, maxSeconds: 4 * 3600, reveal: 'never' })
    await world.sql(
      "insert into policy (id, name, text, state, revision, mac) values ('pol_aaaaaaaaaa', 'let-me-in', 'permit (principal, action, resource);', 'active', 1, '\\x00')",
    )
    await world.sql(`update policy set text = replace(text, '@approvals("1")', '@approvals("0")') where name = 'tier-1'`)
    const after = must(await listPolicies(deps)).policies
    expect(after.filter((p) => p.forged !== null).map((p) => p.name)).toEqual(['let-me-in', 'tier-1'])
    expect(await why('alice')).toMatchObject({ ok: false, error: { code: 'keeper.forged_row' } })
  })
})
