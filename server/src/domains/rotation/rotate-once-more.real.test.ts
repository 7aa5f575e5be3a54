import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../../../../test/support/until.ts'
import { gaveBack, holds } from '../../keeper/test/check-out.ts'
import { openWorld, type Row, type World } from '../../keeper/test/world.ts'
import type { AccountId } from '../../kernel/id.ts'
import { Secret } from '../../kernel/secret.ts'
import { createDialer } from '../../platform/dialer/index.ts'
import { activeDirectoryHarness } from '../../targets/active-directory/test/harness.ts'
import type { OpenTarget } from '../../targets/contract.ts'
import { targetKinds } from '../../targets/registry.ts'
import type { RunningTarget } from '../../targets/test/harness.ts'
import { must } from '../identity/test/house.ts'
import { addTarget } from '../inventory/add-target.ts'
import { createKinds } from '../inventory/index.ts'
import type { OrderDeps } from './deps.ts'
import { isReplaced } from './is-replaced.ts'
import { rotateAccount } from './rotate-account.ts'
import { rotateAfterGrant } from './rotation.module.ts'
import { runOrders } from './run-orders.ts'

/* A real Samba as the domain, which goes on taking the password before for an hour. */

let world: World
let samba: RunningTarget
let deps: OrderDeps & { log: (line: string) => void; lookMs: number }
let open: OpenTarget
let target: Row
const first = 'F1rst known to alice'

beforeAll(async () => {
  world = await openWorld()
  samba = await activeDirectoryHarness.start()
  const kinds = createKinds(targetKinds, createDialer({ allow: [{ cidr: '127.0.0.0/8' }], ownListeners: [], lab: true }))
  const { audit, keeper, db, clock } = world
  deps = { db, audit, keeper, kinds, now: clock.now, retryMs: 100, lookMs: 1_000, log: () => undefined }
  const { account, credential } = samba.manager()
  const added = must(
    await addTarget({ audit, keeper, kinds, now: clock.now }, null, world.setup, {
      ...{
        name: 'corp',
        kind: 'active-directory',
        environment: 'lab',
        tier: 2,
        settings: samba.settings as Record<string, string | number>,
        identity: { ...samba.identity },
      },
      login: { account, kind: 'password', secret: await credential.secret.use('recognise', (b) => Buffer.from(b).toString()) },
    }),
  )
  target = await world.vouched('target', added.id)
  open = must(kinds.open('active-directory', samba.settings))
})
afterAll(async () => {
  await world?.close()
  await samba?.stop()
})

/** An account of the domain that alice had alone, whose password she knows, and that she gave back. */
async function givenBack(name: string): Promise<{ account: AccountId; grant: string }> {
  await samba.addAccount(name, { kind: 'password', secret: Secret.fromText(first) })
  const row = world.account(target as never, name)
  must(await world.write([{ kind: 'account', revision: 1, row }], world.setup))
  must(await world.write([{ kind: 'account', revision: 2, row: { ...row, state: 'managed' } }], { by: 'system' }))
  must(await world.keeper.ask('storeCredential', { account: row.id, credential: 'password', public: null }, Secret.fromText(first)))
  const { grant } = await holds(world, world.alice, row, world.bob, target, { action: 'reveal' })
  await gaveBack(world, grant)
  return { account: row.id, grant: grant.id }
}
const aliceGetsIn = async (name: string) =>
  (await open.verify({ ...samba.identity }, { account: name, credential: { kind: 'password', secret: Secret.fromText(first) } })).ok
const isFree = (account: AccountId) => world.db.transaction().execute((tx) => isReplaced(tx, account, { password: 1 }))

test('as long as the domain may take what the last holder knows, nobody else gets the account', async () => {
  const { account } = await givenBack('waits')
  must(await rotateAccount(deps, { account, trigger: 'check-in', reason: 'a test', by: null }))
  expect(await aliceGetsIn('waits'), 'Samba takes it').toBe(true)
  expect(await isFree(account)).toBe(false)
  // the hour is over, and it was refused
  await world.sql('update rotation set old_refused_at = now() where account_id = $1', [account])
  expect(await isFree(account)).toBe(true)
})

test('it is rotated once more at once, and then what the last holder knows opens nothing', async () => {
  const { account, grant } = await givenBack('twice')
  const at = world.clock.now()
  await world.db.transaction().execute((tx) => rotateAfterGrant(tx, { id: grant, account_id: account, wasHeld: true }, at))
  const running = runOrders(deps)
  const waiting = async () =>
    (await world.sql("select 1 from rotation_order where account_id = $1 and state = 'waiting'", [account])).length
  await until('both rotations', async () => (await waiting()) === 0, 60)
  await running.stop()
  const orders = await world.sql('select trigger, reason from rotation_order where account_id = $1 order by ordered_at', [account])
  expect(orders).toEqual([
    { trigger: 'check-in', reason: 'a grant ended' },
    { trigger: 'check-in', reason: expect.stringContaining('for a while') },
  ])
  expect(await aliceGetsIn('twice')).toBe(false)
  expect(await isFree(account)).toBe(true)
})
