import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { granted as attestedGrant, filed as attestedRequest, draft, grant as grantRow, vote } from '../../keeper/test/access.ts'
import { withoutGateway } from '../../keeper/test/check-out.ts'
import { openWorld, type Row, type World } from '../../keeper/test/world.ts'
import type { GrantId, PersonId, RequestId, TargetId } from '../../kernel/id.ts'
import { newId } from '../../platform/crypto/random.ts'
import { targetKinds } from '../../targets/registry.ts'
import { must } from '../identity/test/house.ts'
import { changeTarget } from '../inventory/change-target.ts'
import { createKinds } from '../inventory/index.ts'
import { showGrants, showRequests } from './access.view.ts'
import { approveRequest } from './approve-request.ts'
import { denyRequest, withdrawRequest } from './close-request.ts'
import { endDue, endGrant } from './end-grants.ts'
import { fileRequest } from './file-request.ts'
import { grantForgotten, grantWithoutApproval } from './grant-without-approval.ts'
import { createDecide, type EndGrantsDeps, type FileRequestDeps, voidOnTarget } from './index.ts'

type Who = { id: PersonId; name: string; code(): string }
let world: World
let deps: FileRequestDeps & EndGrantsDeps
/** Grants whose end was followed up. */
let followed: string[]
beforeAll(async () => {
  world = await openWorld()
  deps = {
    ...{
      audit: world.audit,
      keeper: world.keeper,
      now: world.clock.now,
      decide: createDecide(world.keeper),
      shortestSeconds: 20,
      connects: (kind: string) => kind !== 'redis',
    },
    whenGrantEnds: async (_tx, grant) => void followed.push(grant.id),
  }
})
afterAll(() => world?.close())
beforeEach(() => {
  followed = []
})

const refused = (code: string) => ({ ok: false, error: { code } })
const groupsOf: Record<string, string[]> = {
  alice: ['engineers'],
  bob: ['approvers'],
  carol: ['security', 'administrators', 'approvers'],
  dave: ['auditors'],
  erin: ['engineers', 'approvers'],
}
const file = async (who: Who, over: Partial<Parameters<typeof fileRequest>[2]> = {}) =>
  await fileRequest(
    deps,
    { person: who.id, presence: (await world.present(who)).presence },
    { account: 'deploy@web01', seconds: 3600, reason: 'disk is full', itsmTicket: null, ...over },
  )
const filed = async (who: Who, over = {}) => must(await file(who, over))
const approve = (request: { id: string; digest: string }, who: Who, over: Row = {}) =>
  approveRequest(deps, {
    id: request.id as RequestId,
    approver: who.id,
    groups: groupsOf[who.name] ?? [],
    digest: request.digest,
    code: over.code ?? who.code(),
    comment: null,
    ...over,
  } as never)
const deny = async (id: string, who: Who, reason = 'no') =>
  await denyRequest(
    deps,
    id as RequestId,
    { person: who.id, groups: groupsOf[who.name] ?? [], presence: (await world.present(who)).presence },
    reason,
  )
const withdraw = async (id: string, who: Who) =>
  await withdrawRequest(deps, id as RequestId, {
    person: who.id,
    groups: groupsOf[who.name] ?? [],
    presence: (await world.present(who)).presence,
  })
const stateOf = async (id: string) => (await world.sql('select state from access_request where id = $1', [id]))[0]?.state
const grantOf = async (request: string) => (await world.sql('select * from access_grant where request_id = $1', [request]))[0]
const votesOn = (id: string) => world.sql('select approver_id, verdict from approval where request_id = $1', [id])
const entriesOn = async (id: string) => (await world.entries()).filter((e) => e.fields.request === id)
const granted = async (who: Who, over = {}) => {
  const request = await filed(who, over)
  must(await approve(request, world.bob))
  return { request, grant: (await grantOf(request.id)) as Row & { id: GrantId; ends_at: Date; starts_at: Date; chain_id: string } }
}

describe('asking for access', () => {
  test('says what policy demands, waits a day, and is in the ledger with its digest', async () => {
    const request = await filed(world.alice)
    expect(request.obligations).toMatchObject({ approvals: 1, maxSeconds: 14_400, because: ['tier-1'] })
    expect(request.expires_at.getTime() - request.created_at.getTime()).toBe(24 * 3600_000)
    expect(await entriesOn(request.id)).toMatchObject([{ act: 'access.requested', by: world.alice.id, fields: { digest: request.digest } }])
  })

  test('to connect is refused where no gateway leads, also past the console, and to see the credential is not', async () => {
    await withoutGateway(world, 'cache-9', 'ops')
    const asking = { account: 'ops@cache-9', seconds: 600, reason: 'to look', itsmTicket: null }
    const who = { person: world.alice.id, presence: (await world.present(world.alice)).presence }
    expect(await fileRequest(deps, who, { ...asking, action: 'connect' })).toMatchObject({
      ok: false,
      error: { code: 'access.no_gateway' },
    })
    expect(await fileRequest(deps, who, { ...asking, action: 'reveal' })).toMatchObject({ ok: true })
  })

  test.each<[string, Partial<Parameters<typeof fileRequest>[2]>, string]>([
    ['an account that there is not', { account: 'nobody@web01' }, 'access.account_unknown'],
    ['a target that there is not', { account: 'deploy@web99' }, 'access.account_unknown'],
    ['no account', { account: '' }, 'access.account_unknown'],
    ['an account written as SQL', { account: "deploy'--@web01" }, 'access.account_unknown'],
    ['too short a time', { seconds: 19 }, 'access.too_short'],
    ['too long a time', { seconds: 14_401 }, 'policy.over_maximum'],
  ])('is refused for %s, and the refusal is in the ledger', async (_what, over, code) => {
    const had = (await world.sql('select id from access_request')).length
    expect(await file(world.alice, over)).toMatchObject(refused(code))
    expect(await world.sql('select id from access_request')).toHaveLength(had)
    expect((await world.entries()).at(-1)).toMatchObject({ act: 'access.request', phase: 'refused', by: world.alice.id, fields: { code } })
  })

  test('is nobody’s to do for somebody else', async () => {
    const { presence } = await world.present(world.erin)
    const asked = { account: 'deploy@web01', seconds: 3600, reason: 'x', itsmTicket: null }
    expect(await fileRequest(deps, { person: world.alice.id, presence }, asked)).toMatchObject(refused('keeper.not_authorised'))
  })
})

describe('approving a request', () => {
  test('makes it a grant for the time that was asked, and records who said yes to what', async () => {
    const { request, grant } = await granted(world.alice)
    expect(grant).toMatchObject({ state: 'active', person_id: world.alice.id, account_id: world.deploy.id, chain_id: grant.id })
    expect(grant.ends_at.getTime() - grant.starts_at.getTime()).toBe(3600_000)
    expect(await entriesOn(request.id)).toMatchObject([
      { act: 'access.requested' },
      { act: 'access.approved', by: world.bob.id, fields: { digest: request.digest, factor: 'totp', enough: true } },
      { act: 'access.granted', fields: { grant: grant.id, approvals: 1 } },
    ])
  })

  type Case = [string, string, (id: { id: RequestId; digest: string }) => Promise<unknown>]
  test.each<Case>([
    ['the requester’s own code', 'access.own_request', async (r) => await approve(r, world.alice, { groups: ['approvers'] })],
    ['somebody in no approving group', 'access.not_an_approver', async (r) => await approve(r, world.dave)],
    [
      'somebody who says that they are an approver',
      'access.not_an_approver',
      async (r) => await approve(r, world.dave, { groups: ['approvers'] }),
    ],
    ['the digest of something else', 'access.other_digest', async (r) => await approve(r, world.bob, { digest: 'd'.repeat(64) })],
    [
      'a wrong code',
      'factor.code_wrong',
      async (r) => await approve(r, world.carol, { code: String((Number(world.carol.code()) + 1) % 1_000_000).padStart(6, '0') }),
    ],
    ['another person’s code', 'factor.code_wrong', async (r) => await approve(r, world.bob, { code: world.alice.code() })],
    [
      'a code that was used',
      'factor.code_used',
      async (r) => {
        const code = world.bob.code()
        must(await world.keeper.ask('presence', { person: world.bob.id, code }))
        return await approve(r, world.bob, { code })
      },
    ],
    [
      'a day too late',
      'access.expired',
      async (r) => {
        world.later(24 * 3600_000)
        return await approve(r, world.bob)
      },
    ],
    [
      'after somebody else’s no',
      'access.wrong_state',
      async (r) => {
        must(await deny(r.id, world.carol))
        return await approve(r, world.bob)
      },
    ],
    [
      'after it was withdrawn',
      'access.wrong_state',
      async (r) => {
        must(await withdraw(r.id, world.alice))
        return await approve(r, world.bob)
      },
    ],
    [
      'a second time',
      'access.wrong_state',
      async (r) => {
        must(await approve(r, world.bob))
        return await approve(r, world.carol)
      },
    ],
  ])('is refused with %s', async (what, code, attempt) => {
    const request = await filed(world.alice)
    expect(await attempt(request)).toMatchObject(refused(code))
    if (what !== 'a second time') {
      expect((await votesOn(request.id)).filter((v) => v.verdict === 'approved')).toEqual([])
      expect(await grantOf(request.id)).toBeUndefined()
    }
    expect((await entriesOn(request.id)).at(-1)).toMatchObject({ act: 'access.approve', phase: 'refused', fields: { code } })
  })

  test('is refused where there is no request', async () => {
    expect(await approve({ id: newId('req'), digest: 'd'.repeat(64) }, world.bob)).toMatchObject(refused('access.request_unknown'))
  })

  test('by two at the same moment makes one grant', async () => {
    const request = await filed(world.alice)
    const [bob, carol] = [world.bob.code(), world.carol.code()]
    const results = await Promise.all([approve(request, world.bob, { code: bob }), approve(request, world.carol, { code: carol })])
    expect(results.filter((r) => r.ok)).toHaveLength(1)
    expect(await world.sql('select id from access_grant where request_id = $1', [request.id])).toHaveLength(1)
  })

  test('on tier 0 takes two people, one of each side, and nobody counts twice', async () => {
    const on = world.target('dc01', { tier: 0 })
    await world.added(on, 'administrator')
    const request = await filed(world.alice, { account: 'administrator@dc01', itsmTicket: 'CHG-7' })
    must(await approve(request, world.bob))
    expect(await stateOf(request.id)).toBe('waiting')
    expect(await approve(request, world.bob)).toMatchObject(refused('access.voted_already'))
    must(await approve(request, world.erin))
    expect(await stateOf(request.id)).toBe('waiting')
    must(await approve(request, world.carol))
    expect(await stateOf(request.id)).toBe('approved')
    expect(await grantOf(request.id)).toMatchObject({ state: 'active' })
  })
})

describe('an ITSM ticket', () => {
  test('is what an approver says yes to: another one has another digest, and a row that names another opens nothing', async () => {
    const request = await filed(world.alice, { itsmTicket: 'CHG0012345' })
    await world.sql("update access_request set itsm_ticket = 'CHG0099999' where id = $1", [request.id])
    expect(await approve(request, world.bob)).toMatchObject({ ok: false })
    await world.sql("update access_request set itsm_ticket = 'CHG0012345' where id = $1", [request.id])
    must(await approve(request, world.bob))
  })

  test('finds the requests under it, written with capitals or without, and nobody else’s', async () => {
    const request = await filed(world.alice, { itsmTicket: 'CHG0055555' })
    await filed(world.alice, { itsmTicket: 'CHG00555' })
    const under = async (person: string, ticket: string) =>
      (await showRequests(world.db, { person, groups: ['engineers'] }, { view: 'all', ticket, limit: 10 })).map((r) => r.id)
    expect(await under(world.alice.id, 'chg0055555')).toEqual([request.id])
    expect(await under(world.carol.id, 'CHG0055555')).toEqual([])
  })

  test.each(['none', 'n/a', '-', '', 'CHG 12', `CHG${'1'.repeat(64)}`])(
    'is not %j, also for an api that does not look',
    async (itsmTicket) => {
      expect(await file(world.alice, { itsmTicket })).toMatchObject(refused('access.ticket_malformed'))
    },
  )
})

describe('denying and withdrawing', () => {
  test('one no is enough, and its reason is told', async () => {
    const request = await filed(world.alice)
    must(await deny(request.id, world.bob, 'use the runbook'))
    const [shown] = await showRequests(
      world.db,
      { person: world.alice.id, groups: ['engineers'] },
      { id: request.id, view: 'all', limit: 1 },
    )
    expect(shown).toMatchObject({ state: 'denied', approvals: [{ verdict: 'denied', comment: 'use the runbook' }] })
    expect((await entriesOn(request.id)).at(-1)).toMatchObject({ act: 'access.denied', by: world.bob.id })
  })

  test.each<[string, string, (id: string) => Promise<unknown>]>([
    ['deny one’s own request', 'access.own_request', async (id) => await deny(id, world.alice)],
    ['deny as no approver', 'access.not_an_approver', async (id) => await deny(id, world.dave)],
    [
      'deny what was approved',
      'access.wrong_state',
      async (id) => {
        must(await approve({ id, digest: (await world.sql('select digest from access_request where id = $1', [id]))[0].digest }, world.bob))
        return await deny(id, world.carol)
      },
    ],
    ['withdraw somebody else’s', 'access.not_yours', async (id) => await withdraw(id, world.carol)],
    [
      'withdraw twice',
      'access.wrong_state',
      async (id) => {
        must(await withdraw(id, world.alice))
        return await withdraw(id, world.alice)
      },
    ],
    ['deny what there is not', 'access.request_unknown', async () => await deny(newId('req'), world.bob)],
    ['withdraw what there is not', 'access.request_unknown', async () => await withdraw(newId('req'), world.alice)],
  ])('one cannot %s', async (_what, code, attempt) => {
    const { id } = await filed(world.alice)
    const before = (await votesOn(id)).length
    expect(await attempt(id)).toMatchObject(refused(code))
    expect((await votesOn(id)).filter((v) => v.verdict === 'denied')).toHaveLength(before)
  })
})

describe('a grant', () => {
  test('is ended by its holder, who approved it or security, followed up once, and never again', async () => {
    const { grant } = await granted(world.alice)
    const end = (who: Who) => endGrant(deps, grant.id, { person: who.id, groups: groupsOf[who.name] ?? [] }, 'done')
    expect(await end(world.dave)).toMatchObject(refused('access.not_yours'))
    expect(await end(world.erin)).toMatchObject(refused('access.not_yours'))
    expect(followed).toEqual([])
    must(await end(world.bob))
    expect(await end(world.alice)).toMatchObject(refused('access.wrong_state'))
    expect(await end(world.carol)).toMatchObject(refused('access.wrong_state'))
    expect(followed).toEqual([grant.id])
    const [shown] = await showGrants(world.db, { person: world.alice.id, groups: [] }, { id: grant.id, limit: 1 })
    expect(shown).toMatchObject({ state: 'ended', endReason: 'done' })
  })

  test('does not end when what must follow cannot be arranged', async () => {
    const { grant } = await granted(world.alice)
    const broken: EndGrantsDeps = { ...deps, whenGrantEnds: async () => Promise.reject(new Error('no job')) }
    await expect(endGrant(broken, grant.id, { person: world.alice.id, groups: [] }, 'done')).rejects.toThrow('no job')
    expect(await world.sql('select state from access_grant where id = $1', [grant.id])).toEqual([{ state: 'active' }])
    must(await endGrant(deps, grant.id, { person: world.alice.id, groups: [] }, 'done'))
  })

  test('ends at its very moment, not before, with all that are due and none that is not', async () => {
    const [one, longer] = [
      await granted(world.alice, { seconds: 1200 }),
      await granted(world.erin, { account: 'root@web01', seconds: 7200 }),
    ]
    world.later(one.grant.ends_at.getTime() - world.clock.now().getTime() - 5_000)
    must(await endDue({ ...deps, now: () => new Date(one.grant.ends_at.getTime() - 1) }))
    expect(followed).not.toContain(one.grant.id)
    must(await endDue({ ...deps, now: () => one.grant.ends_at }))
    expect(followed).toContain(one.grant.id)
    expect(followed).not.toContain(longer.grant.id)
    expect((await entriesOn(one.request.id)).at(-1)).toMatchObject({
      act: 'access.grant_ended',
      fields: { state: 'ended', why: 'its time was over' },
    })
  })

  test('ends though the row of another was forged, which stays and raises an alarm', async () => {
    const [good, bad] = [await granted(world.alice, { seconds: 600 }), await granted(world.erin, { account: 'root@web01', seconds: 600 })]
    await world.sql("update access_grant set action = 'reveal' where id = $1", [bad.grant.id])
    world.later(3600_000)
    must(await endDue(deps))
    expect(followed).toContain(good.grant.id)
    expect(followed).not.toContain(bad.grant.id)
    expect((await world.entries()).some((e) => e.act === 'alarm.forged_row' && e.fields.subject === bad.grant.id)).toBe(true)
    // alone it is refused: the timer says so and tries again, ever more slowly
    expect(await endDue(deps)).toMatchObject(refused('keeper.forged_row'))
    await world.sql("update access_grant set action = 'connect' where id = $1", [bad.grant.id])
    must(await endDue(deps))
    expect(followed).toContain(bad.grant.id)
  })

  test('of a request that nobody decided is none: it expires', async () => {
    const request = await filed(world.alice)
    world.later(24 * 3600_000)
    must(await endDue(deps))
    expect(await stateOf(request.id)).toBe('expired')
  })

  test('with all its renewals is at most eight hours, and then takes a break', async () => {
    const first = await granted(world.alice, { seconds: 14_400 })
    world.later(4 * 3600_000 - 60_000)
    const second = await granted(world.alice, { seconds: 14_400 })
    expect(second.grant.chain_id).toBe(first.grant.chain_id)
    world.later(4 * 3600_000)
    must(await endDue(deps))
    const third = await filed(world.alice, { seconds: 600 })
    expect(await approve(third, world.bob)).toMatchObject(refused('access.chain_too_long'))
    expect(await grantOf(third.id)).toBeUndefined()
    world.later(20 * 60_000)
    const rested = await granted(world.alice, { seconds: 600 })
    expect(rested.grant.chain_id).toBe(rested.grant.id)
  })

  test('that ended while the clock was a day ahead keeps nobody out when it is right again', async () => {
    await granted(world.alice, { seconds: 14_400 })
    world.later(24 * 3600_000)
    must(await endDue(deps))
    world.later(-20 * 3600_000 + 16 * 60_000)
    const next = await granted(world.alice, { seconds: 600 })
    expect(next.grant.chain_id).toBe(next.grant.id)
  })

  test('that was given back while the clock was a day behind gives no time back', async () => {
    world.later(3600_000)
    await granted(world.alice, { seconds: 14_400 })
    const second = await granted(world.alice, { seconds: 600 })
    world.later(-24 * 3600_000)
    must(await endGrant(deps, second.grant.id, { person: world.alice.id, groups: [] }, 'done'))
    world.later(28 * 3600_000)
    must(await endDue(deps))
    const third = await granted(world.alice, { seconds: 14_300 })
    expect(third.grant.chain_id).toBe(second.grant.chain_id)
    world.later(4 * 3600_000)
    expect(await approve(await filed(world.alice, { seconds: 600 }), world.bob)).toMatchObject(refused('access.chain_too_long'))
  })
})

describe('where policy wants nobody’s approval', () => {
  test('a request becomes a grant at once, once', async () => {
    const on = world.target('sandbox', { tier: 2, environment: 'lab' })
    await world.added(on, 'deploy')
    const request = await filed(world.alice, { account: 'deploy@sandbox', seconds: 600 })
    expect(request.obligations.approvals).toBe(0)
    expect(must(await grantWithoutApproval(deps, request.id))).toBe(true)
    expect(must(await grantWithoutApproval(deps, request.id))).toBe(false)
    expect(await grantOf(request.id)).toMatchObject({ state: 'active' })
    expect(await votesOn(request.id)).toEqual([])
  })

  test('one that was filed at a server which ended just then is granted by whoever looks next', async () => {
    const request = await filed(world.alice, { account: 'deploy@sandbox', seconds: 600 })
    await grantForgotten({ ...deps, db: world.db }, new Set())
    expect(await grantOf(request.id)).toMatchObject({ state: 'active' })
  })

  test('one that is refused for good is refused once, not at each look', async () => {
    const request = await filed(world.alice)
    await world.sql(`update access_request set obligations = obligations || '{"approvals": 0}' where id = $1`, [request.id])
    const known = new Set<string>()
    for (let looks = 0; looks < 3; looks++) await grantForgotten({ ...deps, db: world.db }, known)
    expect([...known]).toEqual([request.id])
    const told = (await world.entries()).filter((e) => e.phase === 'refused' && e.fields.request === request.id)
    expect(told).toHaveLength(1)
    expect(await grantOf(request.id)).toBeUndefined()
    await world.sql(`update access_request set obligations = obligations || '{"approvals": 1}' where id = $1`, [request.id])
  })

  test('it is not done for what does want one, whatever the row says', async () => {
    const request = await filed(world.alice)
    expect(must(await grantWithoutApproval(deps, request.id))).toBe(false)
    await world.sql(`update access_request set obligations = obligations || '{"approvals": 0}' where id = $1`, [request.id])
    expect(await grantWithoutApproval(deps, request.id)).toMatchObject(refused('keeper.forged_row'))
    expect(await grantOf(request.id)).toBeUndefined()
    await world.sql(`update access_request set obligations = obligations || '{"approvals": 1}' where id = $1`, [request.id])
  })
})

describe('a target that changes', () => {
  const kinds = createKinds(targetKinds, async () => ({ ok: false, error: { code: 'target.unreachable', detail: 'no network here' } }))
  const change = async (id: TargetId, over: Row) =>
    await changeTarget(
      {
        audit: world.audit,
        keeper: world.keeper,
        kinds,
        whenTargetChanges: (act, target, why) => voidOnTarget(deps, act, target, why) as never,
      },
      world.carol.id,
      world.stepUp(world.carol),
      id,
      over as never,
    )

  test('voids what waits and what runs on it, in the same act, and nothing elsewhere', async () => {
    const on = world.target('moving')
    await world.added(on, 'deploy')
    const running = await granted(world.alice, { account: 'deploy@moving', seconds: 600 })
    const waiting = await filed(world.erin, { account: 'deploy@moving', seconds: 600 })
    const elsewhere = await filed(world.erin, { seconds: 600 })
    const { voided } = must(await change(on.id, { settings: { host: '198.51.100.4', port: 22 } }))
    expect(voided.grants).toEqual([running.grant.id])
    expect(voided.requests.toSorted()).toEqual([running.request.id, waiting.id].toSorted())
    expect([await stateOf(running.request.id), await stateOf(waiting.id), await stateOf(elsewhere.id)]).toEqual(['void', 'void', 'waiting'])
    expect(await grantOf(running.request.id)).toMatchObject({ state: 'void', end_reason: "the target's settings changed" })
    expect(followed).toEqual([running.grant.id])
    expect(await approve(waiting, world.bob)).toMatchObject(refused('access.wrong_state'))
  })

  test('is nobody’s to change but an administrator’s, and then nothing was voided', async () => {
    const on = world.target('staying')
    await world.added(on, 'deploy')
    const waiting = await filed(world.alice, { account: 'deploy@staying', seconds: 600 })
    const changed = await changeTarget(
      {
        audit: world.audit,
        keeper: world.keeper,
        kinds,
        whenTargetChanges: (act, target, why) => voidOnTarget(deps, act, target, why) as never,
      },
      world.bob.id,
      world.stepUp(world.bob),
      on.id,
      { tier: 3 },
    )
    expect(changed).toMatchObject(refused('keeper.not_authorised'))
    expect(await stateOf(waiting.id)).toBe('waiting')
  })
})

describe('the database itself, asked by the owner of its tables,', () => {
  const insert = (table: string, row: Row) => world.store(table as never, row, 1, Buffer.from('x'))
  test.each<[string, string, () => Promise<[string, Row]>]>([
    [
      'an approval by the requester',
      'approval_not_by_requester',
      async () => {
        const request = await attestedRequest(world, world.erin, world.deploy)
        return ['approval', vote(world, request, world.erin)]
      },
    ],
    [
      'an approval by the requester who calls somebody else the requester',
      'approval_of_a_request',
      async () => {
        const request = await attestedRequest(world, world.erin, world.deploy)
        return ['approval', vote(world, request, world.erin, { requester_id: world.alice.id })]
      },
    ],
    [
      'a yes without a second factor',
      'approval_yes_needs_a_factor',
      async () => ['approval', vote(world, await attestedRequest(world, world.alice, world.deploy), world.bob, { factor_kind: null })],
    ],
    [
      'a second grant of one request',
      'access_grant_one_for_a_request',
      async () => {
        const { request } = await attestedGrant(world, world.alice, world.deploy, world.bob)
        return ['access_grant', grantRow(world, request)]
      },
    ],
    [
      'a grant that does not end',
      'access_grant_always_ends',
      async () => {
        const request = await attestedRequest(world, world.alice, world.deploy)
        return [
          'access_grant',
          grantRow(world, request, { ends_at: world.clock.now(), starts_at: new Date(world.clock.now().getTime() + 1) }),
        ]
      },
    ],
    [
      'a grant of nine hours',
      'access_grant_chain_is_at_most_eight_hours',
      async () => {
        const request = await attestedRequest(world, world.alice, world.deploy)
        return ['access_grant', grantRow(world, request, { ends_at: new Date(world.clock.now().getTime() + 9 * 3600_000) })]
      },
    ],
    [
      'a grant that makes its chain longer than eight hours',
      'access_grant_chain_is_at_most_eight_hours',
      async () => {
        const { grant } = await attestedGrant(world, world.erin, world.root, world.bob)
        const request = await attestedRequest(world, world.alice, world.deploy)
        const ends_at = new Date(world.clock.now().getTime() + 7.5 * 3600_000)
        return ['access_grant', grantRow(world, request, { chain_id: grant.chain_id, ends_at })]
      },
    ],
    [
      'a request for nine hours',
      'access_request_is_at_most_eight_hours',
      async () => ['access_request', { ...(await draft(world, world.alice, world.deploy)), seconds: 9 * 3600 }],
    ],
    [
      'a request without a reason',
      'access_request_reason_is_given',
      async () => ['access_request', { ...(await draft(world, world.alice, world.deploy)), reason: '  ' }],
    ],
    [
      'a request in a state that there is not',
      'access_request_state_is_known',
      async () => ['access_request', { ...(await draft(world, world.alice, world.deploy)), state: 'granted' }],
    ],
  ])('refuses %s', async (_what, constraint, make) => {
    const [table, row] = await make()
    await expect(insert(table, row)).rejects.toMatchObject({ constraint })
  })
})
