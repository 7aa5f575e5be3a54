import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { must } from '../domains/identity/test/house.ts'
import { Secret } from '../kernel/secret.ts'
import { attest, type NewRow } from './attest-rows.ts'
import { holdingOf } from './facts/holding.ts'
import { type Drafted, draft, filed, grant, session, vote } from './test/access.ts'
import { again, gaveBack, held, holds, showing, taking, withoutGateway } from './test/check-out.ts'
import { openWorld, type Row, type World } from './test/world.ts'

let world: World
let target: Row
let account: Row
let made = 0
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world?.close())
beforeEach(async () => {
  made += 1
  const fresh = await withoutGateway(world, `cache${made}`, 'admin')
  target = fresh.target
  account = fresh.accounts[0] as Row
  must(
    await world.keeper.ask(
      'storeCredential',
      { account: String(account.id), credential: 'password', public: null },
      Secret.fromText('hunter2'),
    ),
  )
})

const reveal = { action: 'reveal' }
const refused = (code: string) => ({ ok: false, error: { code } })
/** A request of somebody's, with bob's yes in the same act as the rows that it leads to. */
const asks = async (who: typeof world.alice, over: Row = reveal) => await filed(world, who, account, target, over)
const begins = async (request: Drafted, rows: readonly NewRow[], by: World['keeper'] = world.keeper) =>
  await world.write([{ kind: 'approval', revision: 1, row: vote(world, request, world.bob) }, ...rows], world.stepUp(world.bob), by)
const alice = async (over: Row = reveal) => await holds(world, world.alice, account, world.bob, target, over)
/** The vault gets a newer version, as a rotation would promote it. */
const rotated = async () => {
  const owner = { kind: 'account', id: String(account.id), what: 'password' }
  const { vault, pool } = world.inside.context
  await pool.query("update vault.secret_version set state = 'previous' where owner_id = $1", [account.id])
  await vault.put(owner, 'standard', Secret.fromText('the next one'), { state: 'current' })
}
const free = async () => await again(world, 'holding', holdingOf(String(account.id)), { state: 'free' })

describe('an account that one person at a time may use', () => {
  test('is held by the grant that begins in the same act', async () => {
    const { grant: g } = await alice()
    expect(await world.vouched('holding', holdingOf(String(account.id)))).toMatchObject({ state: 'held', grant_id: g.id })
  })

  type Second = [string, string, (request: Drafted) => Promise<NewRow[]> | NewRow[]]
  test.each<Second>([
    ['with the holding taken over', 'access.held', (r) => taking(world, r).rows],
    ['without touching the holding', 'access.held', (r) => taking(world, r).rows.slice(0, 2)],
    ['as one that is not exclusive', 'keeper.not_authorised', (r) => taking(world, r, { exclusive: undefined }).rows.slice(0, 2)],
    [
      'while the first is ended in the same act, before anything was replaced',
      'access.held',
      async (r) => {
        const before = await world.vouched('holding', holdingOf(String(account.id)))
        return [...taking(world, r).rows, await again(world, 'access_grant', String(before.grant_id), { state: 'ended' })]
      },
    ],
  ])('has no second holder: an exclusive grant beside the first is never attested, %s', async (_how, code, rows) => {
    await alice()
    const request = await asks(world.erin)
    expect(await begins(request, await rows(request))).toMatchObject(refused(code))
  })

  test('has no holder while others have an ordinary grant, and gives no ordinary one while it is held', async () => {
    const shared = world.web01
    account = (await world.added(world.target(`shared${made}`), 'deploy'))[0] as Row
    target = await world.vouched('target', String(account.target_id))
    expect(shared.id).not.toBe(target.id)
    const first = await asks(world.erin, {})
    must(await begins(first, [approvedRow(first), { kind: 'access_grant', revision: 1, row: grant(world, first) }]))
    must(await world.write([await again(world, 'account', String(account.id), { check_out: 'exclusive' })], world.stepUp(world.carol)))
    const second = await asks(world.alice, {})
    expect(await begins(second, taking(world, second).rows)).toMatchObject(refused('access.held'))
  })

  test('says so about itself by an administrator’s word alone', async () => {
    const row = await again(world, 'account', String(account.id), { check_out: 'exclusive' })
    for (const authority of [{ by: 'system' } as const, world.stepUp(world.bob)])
      expect(await world.write([row], authority)).toMatchObject(refused('keeper.not_authorised'))
    must(await world.write([row], world.stepUp(world.carol)))
    const off = await again(world, 'account', String(account.id), { check_out: undefined })
    expect(await world.write([off], { by: 'system' })).toMatchObject(refused('keeper.not_authorised'))
  })

  test('opens for the grant that the holding names, and not for one that was attested beside it and written by force', async () => {
    const [one, two] = [await asks(world.alice), await asks(world.erin)]
    // an api that was taken over asks for both before either is in the ledger
    const attested = async (request: Drafted, by: typeof world.bob) => {
      const authority = world.stepUp(by)
      const taken = taking(world, request)
      const rows = [{ kind: 'approval' as const, revision: 1, row: vote(world, request, by) }, ...taken.rows]
      return { ...taken, ...must(await attest(world.keeper, rows, authority)) }
    }
    const [a, b] = [await attested(one, world.bob), await attested(two, world.carol)]
    await world.sql('alter table access_grant disable trigger user')
    await world.sql('drop index if exists access_grant_one_holder')
    for (const { rows, macOf } of [a, b])
      for (const { kind, row, revision } of rows)
        if (kind !== 'holding' || macOf === a.macOf) await world.store(kind, row as Row, revision, macOf(String(row.id)))
    await world.audit.act({ act: 'test.write', by: null }, async ({ record }) => {
      for (const { attestations } of [a, b]) await record({ act: 'test.written', fields: {}, personal: {} }, attestations)
      return { ok: true, value: undefined }
    })
    const shown = showing(world, b.grant)
    expect(await world.write([{ kind: 'reveal', revision: 1, row: shown }], world.stepUp(world.erin))).toMatchObject(
      refused('access.not_the_holder'),
    )
    must(await world.write([{ kind: 'reveal', revision: 1, row: showing(world, a.grant) }], world.stepUp(world.alice)))
  })
})

const approvedRow = (request: Drafted): NewRow => ({ kind: 'access_request', revision: 2, row: { ...request, state: 'approved' } })

describe('an account that was given back', () => {
  test('goes to the next when the vault has a newer version of what its holder knows, and not before', async () => {
    const { grant: g } = await alice()
    const next = await asks(world.erin)
    await gaveBack(world, g)
    expect(await begins(next, taking(world, next).rows)).toMatchObject(refused('access.held'))
    expect(await world.write([await free()], { by: 'system' })).toMatchObject(refused('access.not_rotated'))
    await rotated()
    must(await world.write([await free()], { by: 'system' }))
    must(await begins(next, taking(world, next).rows))
  })

  test('is not given back while its grant runs, and not with less than its holder can know', async () => {
    const { grant: g } = await alice()
    const back = (seen: Row) => held(world, String(account.id), g.id, { state: 'returned', seen })
    expect(await world.write([back({ password: 1 })], { by: 'system' })).toMatchObject(refused('keeper.not_authorised'))
    const ends = await again(world, 'access_grant', g.id, { state: 'ended' })
    expect(await world.write([ends, back({})], { by: 'system' })).toMatchObject(refused('keeper.stale'))
    expect(await world.write([ends, held(world, String(account.id), g.id, { state: 'free' })], { by: 'system' })).toMatchObject(
      refused('keeper.not_authorised'),
    )
    must(await world.write([ends, back({ password: 1 })], { by: 'system' }))
  })

  test.each<[string, (id: string) => Promise<unknown>]>([
    ['whose holding somebody deleted', (id) => world.sql('delete from holding where id = $1', [id])],
    ['whose holding somebody wrote free', (id) => world.sql("update holding set state = 'free' where id = $1", [id])],
  ])('opens for nobody %s', async (_how, forge) => {
    const { grant: g } = await alice()
    await gaveBack(world, g)
    const id = holdingOf(String(account.id))
    const [before] = await world.sql('select to_jsonb(t) as row from holding t where id = $1', [id])
    const next = await asks(world.erin)
    await forge(id)
    expect(await begins(next, taking(world, next).rows)).toMatchObject(refused('keeper.forged_row'))
    await world.sql('delete from holding where id = $1', [id])
    await world.sql('insert into holding select * from jsonb_populate_record(null::holding, $1)', [before.row])
  })

  test('is not opened by the free row of an earlier revision, put back', async () => {
    const first = await alice()
    await gaveBack(world, first.grant)
    await rotated()
    must(await world.write([await free()], { by: 'system' }))
    const id = holdingOf(String(account.id))
    const [old] = await world.sql('select to_jsonb(t) as row from holding t where id = $1', [id])
    const second = await asks(world.erin)
    must(await begins(second, taking(world, second).rows))
    const third = await asks(world.alice)
    const [now] = await world.sql('select to_jsonb(t) as row from holding t where id = $1', [id])
    const put = async (row: unknown) => {
      await world.sql('delete from holding where id = $1', [id])
      await world.sql('insert into holding select * from jsonb_populate_record(null::holding, $1)', [row])
    }
    await put(old.row)
    const rows = taking(world, third).rows.map((r) => (r.kind === 'holding' ? { ...r, revision: 4 } : r))
    expect(await begins(third, rows)).toMatchObject({ ok: false })
    await put(now.row)
  })
})

describe('a request that waits for its account', () => {
  test('becomes a grant later, decided once more; not when its approver is gone by then', async () => {
    const { grant: g } = await alice()
    const next = await asks(world.erin)
    must(await begins(next, [{ kind: 'access_request', revision: 2, row: { ...next, state: 'queued' } }]))
    await gaveBack(world, g)
    await rotated()
    must(await world.write([await free()], { by: 'system' }))
    const rows = () => taking(world, next).rows.map((r) => (r.kind === 'access_request' ? { ...r, revision: 3 } : r))
    const off = await again(world, 'person', world.bob.id, { state: 'disabled' })
    must(await world.write([off], world.stepUp(world.carol)))
    expect(await world.write(rows(), { by: 'system' })).toMatchObject(refused('access.approvals_missing'))
    must(await world.write([await again(world, 'person', world.bob.id, { state: 'active' })], world.stepUp(world.carol)))
    must(await world.write(rows(), { by: 'system' }))
  })

  test('does not queue without what policy demands', async () => {
    const next = await asks(world.erin)
    const queued: NewRow = { kind: 'access_request', revision: 2, row: { ...next, state: 'queued' } }
    expect(await world.write([queued], { by: 'system' })).toMatchObject(refused('access.approvals_missing'))
  })
})

describe('a credential is shown', () => {
  const shows = async (row: Row, who: typeof world.alice, by: World['keeper'] = world.keeper) =>
    await world.write([{ kind: 'reveal', revision: 1, row }], world.stepUp(who), by)
  const presenceOf = async (who: typeof world.alice) => (await world.present(who)).presence
  const ask = async (id: string, presence: string, by: World['keeper'] = world.keeper) => await by.ask('reveal', { reveal: id, presence })

  test('to whoever holds the account, with a fresh code, once', async () => {
    const { grant: g } = await alice()
    const presence = await presenceOf(world.alice)
    const row = showing(world, g)
    must(await shows(row, world.alice))
    const shown = must(await ask(row.id, presence))
    expect(await shown.payload?.use('show-to-holder', (b) => Buffer.from(b).toString())).toBe('hunter2')
    expect(await ask(row.id, presence)).toMatchObject(refused('access.shown_already'))
  })

  test('to one of two who ask at the same moment', async () => {
    const { grant: g } = await alice()
    const presence = await presenceOf(world.alice)
    const row = showing(world, g)
    must(await shows(row, world.alice))
    const answers = await Promise.all([ask(row.id, presence), ask(row.id, presence)])
    expect(answers.filter((a) => a.ok)).toHaveLength(1)
  })

  type Never = [string, string, (g: Row) => Promise<unknown>]
  test.each<Never>([
    [
      'without a code',
      'access.step_up_needed',
      async (g) => await world.write([{ kind: 'reveal', revision: 1, row: showing(world, g) }], await world.present(world.alice)),
    ],
    [
      'by the server’s own word',
      'access.step_up_needed',
      async (g) => await world.write([{ kind: 'reveal', revision: 1, row: showing(world, g) }], { by: 'system' }),
    ],
    ['with somebody else’s code', 'access.step_up_needed', async (g) => await shows(showing(world, g), world.erin)],
    [
      'to somebody else, with their own code',
      'release.not_yours',
      async (g) => await shows(showing(world, g, { person_id: world.erin.id }), world.erin),
    ],
    ['of another account', 'release.not_yours', async (g) => await shows(showing(world, g, { account_id: world.root.id }), world.alice)],
    ['of another version than the current one', 'keeper.stale', async (g) => await shows(showing(world, g, { version: 2 }), world.alice)],
    [
      'of what the vault does not have',
      'vault.no_credential',
      async (g) => await shows(showing(world, g, { credential: 'ssh-key' }), world.alice),
    ],
    ['by a gateway', 'keeper.not_authorised', async (g) => await shows(showing(world, g), world.alice, world.gateway)],
    [
      'ahead of time',
      'keeper.not_authorised',
      async (g) => await shows(showing(world, g, { at: new Date(world.clock.now().getTime() + 120_000) }), world.alice),
    ],
    [
      'once the grant is over',
      'access.grant_over',
      async (g) => {
        await gaveBack(world, g)
        return await shows(showing(world, g), world.alice)
      },
    ],
    ['for a showing that nobody attested', 'keeper.unknown_row', async () => await ask('rvl_aaaaaaaaaa', await presenceOf(world.alice))],
    [
      'for a showing that somebody wrote into the database',
      'keeper.forged_row',
      async (g) => {
        const row = showing(world, g)
        await world.store('reveal', row, 1, Buffer.alloc(32, 7))
        return await ask(row.id, await presenceOf(world.alice))
      },
    ],
    [
      'with another person’s presence',
      'release.not_yours',
      async (g) => {
        const row = showing(world, g)
        must(await shows(row, world.alice))
        return await ask(row.id, await presenceOf(world.bob))
      },
    ],
    [
      'without anybody’s presence',
      'presence.invalid',
      async (g) => {
        const row = showing(world, g)
        must(await shows(row, world.alice))
        return await ask(row.id, 'made up')
      },
    ],
    [
      'a minute after its code',
      'access.shown_already',
      async (g) => {
        const row = showing(world, g)
        must(await shows(row, world.alice))
        world.later(61_000)
        return await ask(row.id, await presenceOf(world.alice))
      },
    ],
    [
      'after the grant was given back meanwhile',
      'access.grant_over',
      async (g) => {
        const row = showing(world, g)
        must(await shows(row, world.alice))
        await gaveBack(world, g)
        return await ask(row.id, await presenceOf(world.alice))
      },
    ],
    [
      'to a gateway that asks',
      'keeper.not_allowed',
      async (g) => {
        const row = showing(world, g)
        must(await shows(row, world.alice))
        return await ask(row.id, await presenceOf(world.alice), world.gateway)
      },
    ],
  ])('never %s', async (_what, code, attempt) => {
    const { grant: g } = await alice()
    expect(await attempt(g)).toMatchObject(refused(code))
  })

  test('never under a grant for connecting, and no session is opened under one for seeing', async () => {
    const { grant: seeing } = await alice()
    const opened = session(world, seeing)
    expect(
      await world.write([{ kind: 'session', revision: 1, row: opened }], await world.present(world.alice), world.gateway),
    ).toMatchObject(refused('access.reveal_only'))
    const asked = { presence: await presenceOf(world.alice), grant: String(seeing.id), from: '127.0.0.1' }
    expect(await world.keeper.ask('issueTicket', asked)).toMatchObject(refused('access.reveal_only'))
    await gaveBack(world, seeing)
    await rotated()
    must(await world.write([await free()], { by: 'system' }))
    must(await world.write([await again(world, 'account', String(account.id), { check_out: 'exclusive' })], world.stepUp(world.carol)))
    const { grant: connecting } = await alice({})
    expect(await shows(showing(world, connecting, { version: 2 }), world.alice)).toMatchObject(refused('access.connect_only'))
  })

  test('never where a gateway reaches the target: policy does not let anybody ask', async () => {
    const forged = await filed(world, world.alice, world.deploy, world.web01, {})
    const asked = { ...forged, id: 'req_zzzzzzzzzz', action: 'reveal' }
    expect(await world.write([{ kind: 'access_request', revision: 1, row: asked }], await world.present(world.alice))).toMatchObject(
      refused('policy.forbidden'),
    )
  })
})

describe('more time under a grant', () => {
  const more = async (g: Row, over: Row = {}) => await asks(world.alice, { action: 'reveal', seconds: 600, extends_grant: g.id, ...over })
  const longer = async (g: Row, seconds: number) =>
    await again(world, 'access_grant', String(g.id), { ends_at: new Date((g.ends_at as Date).getTime() + seconds * 1000).toISOString() })

  test('is given by an approval of exactly that, once', async () => {
    const { grant: g } = await alice()
    const asked = await more(g)
    must(await begins(asked, [approvedRow(asked), await longer(g, 600)]))
    expect((await world.vouched('access_grant', String(g.id))).ends_at).toBe(
      new Date((g.ends_at as Date).getTime() + 600_000).toISOString(),
    )
    expect(await world.write([approvedRow(asked), await longer(g, 1200)], { by: 'system' })).toMatchObject({ ok: false })
  })

  type No = [string, string, (g: Row) => Promise<unknown>]
  test.each<No>([
    ['without a request', 'keeper.not_authorised', async (g) => await world.write([await longer(g, 60)], { by: 'system' })],
    [
      'longer than was asked',
      'keeper.not_authorised',
      async (g) => {
        const asked = await more(g)
        return await begins(asked, [approvedRow(asked), await longer(g, 601)])
      },
    ],
    [
      'without the approval',
      'access.approvals_missing',
      async (g) => {
        const asked = await more(g)
        return await world.write([approvedRow(asked), await longer(g, 600)], { by: 'system' })
      },
    ],
    [
      'for somebody else’s grant',
      'keeper.not_authorised',
      async (g) => {
        const authority = await world.present(world.erin)
        const row = await draft(world, world.erin, account, target, { action: 'reveal', extends_grant: g.id })
        return await world.write([{ kind: 'access_request', revision: 1, row }], authority)
      },
    ],
    [
      'as a grant of its own',
      'keeper.not_authorised',
      async (g) => {
        const asked = await more(g)
        return await begins(asked, taking(world, asked).rows)
      },
    ],
    [
      'past eight hours in all',
      'access.chain_too_long',
      async (g) => {
        world.later(60_000)
        const asked = await more(g, { seconds: 7200 })
        await world.sql('alter table access_grant disable trigger user')
        let ends = (g.ends_at as Date).getTime()
        const step = async (request: Drafted) => {
          ends += 7200_000
          const row = await again(world, 'access_grant', String(g.id), { ends_at: new Date(ends).toISOString() })
          return await begins(request, [approvedRow(request), row])
        }
        must(await step(asked))
        for (const _ of [1, 2]) must(await step(await more(g, { seconds: 7200 })))
        return await step(await more(g, { seconds: 7200 }))
      },
    ],
  ])('is not given %s', async (_what, code, attempt) => {
    const { grant: g } = await alice()
    expect(await attempt(g)).toMatchObject(refused(code))
  })
})
