import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Authority } from '../../keeper/contract.ts'
import { openWorld, type Row, type World } from '../../keeper/test/world.ts'
import type { AccountId } from '../../kernel/id.ts'
import { ok } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import { newId } from '../../platform/crypto/random.ts'
import { createDialer } from '../../platform/dialer/index.ts'
import { targetKinds } from '../../targets/registry.ts'
import { must } from '../identity/test/house.ts'
import { createKinds } from '../inventory/index.ts'
import { observeAccount } from '../inventory/observe-account.ts'
import { keepUp } from './keep-up.ts'
import { orderMany } from './order-many.ts'
import { orderRotation } from './order-rotation.ts'
import { reconcileAccount } from './reconcile-account.ts'
import { rotateAccount } from './rotate-account.ts'

let world: World
let deps: Parameters<typeof orderRotation>[0] & Parameters<typeof keepUp>[0]
beforeAll(async () => {
  world = await openWorld()
  const kinds = createKinds(targetKinds, createDialer({ allow: [], ownListeners: [], lab: false }))
  const { db, audit, keeper } = world
  deps = {
    ...{ db, audit, keeper, kinds, now: world.clock.now, retryMs: 100, log: () => undefined, lookMs: 1_000, windows: [] },
    ...{ ages: { serviceMs: 0, humanMs: 0, verifyMs: 3_600_000_000 }, whenAccountStops: async () => ok(undefined) },
  }
})
afterAll(() => world?.close())

const system: Authority = { by: 'system' }
const service = (over: Row = {}) => ({
  ...world.account(world.web01, `svc-${newId('acc').slice(4)}`),
  ...{ category: 'service', observed_since: world.clock.now() },
  ...over,
})
const write = (row: Row, revision = 1, authority: Authority = system) => world.write([{ kind: 'account', revision, row }], authority)
const day = 24 * 3_600_000
const no = { ok: false, error: { code: 'keeper.not_authorised' } }

describe('a service account', () => {
  test('begins as observed, from now on', async () => {
    expect(await write(service({ observed_since: null }))).toMatchObject(no)
    expect(await write(service({ observed_since: new Date(world.clock.now().getTime() - 8 * day) }))).toMatchObject(no)
    must(await write(service()))
  })

  test('is rotated by nothing while it is observed: not by hand, by a batch, by age, on suspicion, by another account, nor past the server', async () => {
    const row = service()
    const account = row.id as AccountId
    must(await write(row))
    const by = world.carol.id
    const refused = { ok: false, error: { code: 'rotation.observed' } }
    for (const trigger of ['on-demand', 'compromise'] as const)
      expect(await orderRotation(deps, { account, trigger, reason: 'test', by }), trigger).toMatchObject(refused)
    expect(await reconcileAccount(deps, { account, reason: 'test', by })).toMatchObject(refused)
    expect(await orderMany(deps, { choice: { by: 'accounts', ids: [account] }, compromised: true, reason: 'test', by })).toMatchObject({
      ok: false,
      error: { code: 'rotation.nobody_chosen' },
    })
    await keepUp(deps)
    expect(await rotateAccount(deps, { account, trigger: 'recovery', reason: 'test', by: null })).toMatchObject({ ok: true, value: [] })
    expect(await rotateAccount(deps, { account, trigger: 'take-over', reason: 'test', by: null })).toMatchObject(refused)
    expect(await world.sql('select id from rotation_order where account_id = $1', [account])).toEqual([])
    // whoever has the api's process asks the keeper itself
    expect(await world.keeper.ask('prepareRotation', { rotation: newId('rot'), account, credential: 'password' })).toMatchObject(refused)
    expect(must(await world.keeper.ask('versions', { accounts: [account] })).versions).toEqual([])
    // and whoever has the database cannot say otherwise
    await world.sql('update account set observed_since = null where id = $1', [account])
    expect(await world.keeper.ask('prepareRotation', { rotation: newId('rot'), account, credential: 'password' })).toMatchObject({
      ok: false,
      error: { code: 'keeper.forged_row' },
    })
  })

  test('may hold a credential in the vault meanwhile', async () => {
    const row = service()
    must(await write(row))
    const stored = { account: row.id, credential: 'password' as const, public: null }
    must(await world.keeper.ask('storeCredential', stored, Secret.fromText('imported')))
    expect(await write({ ...row, state: 'managed' }, 2)).toMatchObject(no)
  })

  test('is let go by an administrator with a fresh code, and by the server only after seven days', async () => {
    const row = service()
    must(await write(row))
    const done = { ...row, observed_since: null }
    expect(await write(done, 2)).toMatchObject(no)
    expect(await write(done, 2, world.stepUp(world.bob))).toMatchObject(no)
    expect(await write({ ...row, observed_since: new Date(world.clock.now().getTime() - 30 * day) }, 2)).toMatchObject(no)
    const end = (observe: boolean) =>
      observeAccount(deps, world.carol.id, world.stepUp(world.carol), {
        account: row.id as AccountId,
        observe,
        reason: 'its worker is told',
      })
    must(await end(false))
    must(await world.keeper.ask('prepareRotation', { rotation: newId('rot'), account: row.id, credential: 'password' }))

    const other = service()
    must(await write(other))
    world.later(7 * day - 3_600_000)
    expect(await write({ ...other, observed_since: null }, 2)).toMatchObject(no)
    world.later(2 * 3_600_000)
    must(await write({ ...other, observed_since: null }, 2))
  })
})
