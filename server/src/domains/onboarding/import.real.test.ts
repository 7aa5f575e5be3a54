import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startOrdersDb } from '../../../../lab/orders-db/index.ts'
import { openWorld, type World } from '../../keeper/test/world.ts'
import type { AccountId, ImportId } from '../../kernel/id.ts'
import { Secret } from '../../kernel/secret.ts'
import { createDialer } from '../../platform/dialer/index.ts'
import { freePort } from '../../platform/postgres-server/free-port.fixture.ts'
import { targetKinds } from '../../targets/registry.ts'
import { must } from '../identity/test/house.ts'
import { addTarget } from '../inventory/add-target.ts'
import { createKinds } from '../inventory/index.ts'
import { observeAccount } from '../inventory/observe-account.ts'
import { beginImport } from './begin-import.ts'
import { type ImportDeps, importEntries } from './import-entries.ts'
import { lookAtImport } from './look-at-import.ts'
import { showImports } from './onboarding.view.ts'
import { rotateImported } from './rotate-imported.ts'

const folder = mkdtempSync(join(tmpdir(), 'claviger-import-'))
let world: World
let deps: ImportDeps
let stop: (() => Promise<void>) | undefined
let passwords: Record<string, string>
let ids: Record<string, AccountId>
beforeAll(async () => {
  chmodSync(folder, 0o711)
  world = await openWorld()
  const { db, audit, keeper, clock } = world
  const kinds = createKinds(targetKinds, createDialer({ allow: [{ cidr: '127.0.0.0/8' }], ownListeners: [], lab: true }))
  deps = { db, audit, keeper, kinds, now: clock.now }
  const as = process.getuid?.() === 0 ? { uid: 64820, gid: 64820 } : {}
  const orders = must(
    await startOrdersDb({
      folder: join(folder, 'orders'),
      port: await freePort(),
      ...as,
      log: () => undefined,
      binaries: join(folder, 'bin'),
    }),
  )
  stop = orders.stop
  passwords = Object.fromEntries(orders.accounts.map((a) => [a.name, a.password ?? '']))
  const target = must(
    await addTarget({ audit, keeper, kinds, now: clock.now }, null, world.setup, {
      ...{ name: 'orders', kind: 'postgres', environment: 'lab', tier: 1, settings: orders.settings, identity: { ...orders.identity } },
      login: { account: 'postgres', kind: 'password', secret: passwords.postgres ?? '' },
    }),
  )
  const rows = await world.sql('select id, name from account where target_id = $1', [target.id])
  ids = Object.fromEntries(rows.map((r) => [r.name, r.id]))
})
afterAll(async () => {
  await stop?.()
  await world?.close()
  rmSync(folder, { recursive: true, force: true })
})

const begin = async () => must(await beginImport(deps, world.carol.id, { source: 'CSV: export.csv', code: world.carol.code() })).id
const bring = (name: string, secret: string) => ({
  account: ids[name] as AccountId,
  credential: 'password' as const,
  secret: Secret.fromText(secret),
})
const place = (account: string, target: string) => ({ account, target, credential: 'password' as const })

describe('credentials from elsewhere', () => {
  test('are looked at without being sent: what is known, observed, twice or nowhere', async () => {
    const looked = must(
      await lookAtImport(deps, [
        ...[place('app_admin', 'orders'), place('app_admin', '127.0.0.1'), place('postgres', 'orders'), place('orders_service', 'orders')],
        ...[place('nobody', 'orders'), place('app_admin', 'nowhere')],
      ]),
    )
    expect(looked.map((l) => l.fate)).toEqual(['ready', 'twice', 'known', 'observed', 'account_unknown', 'target_unknown'])
    expect(looked[0]?.account).toEqual({ id: ids.app_admin, name: 'app_admin', target: 'orders' })
  })

  test('of what nobody reaches are kept as they are, and what is neither password nor key goes nowhere else', async () => {
    const at = { kind: 'stored', environment: 'lab', tier: 2, identity: {}, settings: {}, manager: '' }
    const shop = world.target('shop', at)
    must(await world.write([{ kind: 'target', revision: 1, row: shop }], world.setup))
    const kept = { account: 'web', target: 'shop', credential: 'tls' as const }
    const looked = must(await lookAtImport(deps, [kept, kept, { ...place('app_admin', 'orders'), credential: 'json' as const }]))
    const target = { id: shop.id, name: 'shop' }
    expect(looked).toEqual([
      { fate: 'brought', account: null, target },
      { fate: 'twice', account: null, target },
      { fate: 'reached', account: null, target: null },
    ])
  })

  test('are tried once and stored when they open the target; nothing is rotated, and they stand nowhere else', async () => {
    const id = await begin()
    const brought = [bring('app_admin', passwords.app_admin ?? ''), bring('orders_service', 'Wr0ng-planted-secret'), bring('postgres', 'x')]
    const tried = must(await importEntries(deps, world.carol.id, id, brought))
    expect(tried.map((t) => [t.outcome, t.code])).toEqual([
      ['stored', null],
      ['refused', 'target.login_refused'],
      ['known', null],
    ])
    expect(await world.sql('select id from rotation_order')).toEqual([])
    const current = must(
      await world.inside.context.vault.openState({ kind: 'account', id: ids.app_admin ?? '', what: 'password' }, 'current'),
    )
    expect(await current.secret.use('recognise', (b) => Buffer.from(b).toString())).toBe(passwords.app_admin)
    const all = JSON.stringify([await world.sql('select * from import_entry'), await world.entries()])
    for (const secret of [passwords.app_admin ?? '', 'Wr0ng-planted-secret']) expect(all).not.toContain(secret)
    // sent again, it is known; what was stored stays so
    must(await importEntries(deps, world.carol.id, id, [bring('app_admin', 'another')]))
    expect((await showImports(deps.db, { limit: 10 })).imports[0]).toMatchObject({ stored: 1, refused: 1, known: 1, staged: 1 })
  })

  test('are taken from who began alone, and for an hour', async () => {
    const id = await begin()
    expect(await importEntries(deps, world.alice.id, id, [bring('app_admin', 'x')])).toMatchObject({
      ok: false,
      error: { code: 'onboarding.import_unknown' },
    })
    expect(await beginImport(deps, world.carol.id, { source: 'x', code: '000000' })).toMatchObject({ ok: false })
    world.later(3_600_000)
    expect(await importEntries(deps, world.carol.id, id, [bring('app_admin', 'x')])).toMatchObject({
      ok: false,
      error: { code: 'onboarding.import_closed' },
    })
  })

  test('get their first rotation when somebody says so, and observed ones only after that was ended', async () => {
    const id = await begin()
    must(await importEntries(deps, world.carol.id, id, [bring('orders_service', passwords.orders_service ?? '')]))
    const rotate = (of: ImportId) => rotateImported(deps, world.carol.id, { id: of, reason: 'imported' })
    expect(await rotate(id)).toMatchObject({ ok: false, error: { code: 'onboarding.nothing_staged' } })
    const first = (await world.sql("select import_id from import_entry where account_id = $1 and outcome = 'stored'", [ids.app_admin]))[0]
    expect(await rotate(first?.import_id as ImportId)).toMatchObject({ ok: true, value: { ordered: 1, observed: 0 } })
    const end = { account: ids.orders_service as AccountId, observe: false, reason: 'its worker is told' }
    must(await observeAccount(deps, world.carol.id, world.stepUp(world.carol), end))
    expect(await rotate(id)).toMatchObject({ ok: true, value: { ordered: 1 } })
    expect(await rotate(id)).toMatchObject({ ok: false })
    const orders = await world.sql(
      "select a.name from rotation_order o join account a on a.id = o.account_id where o.trigger = 'take-over' order by 1",
    )
    expect(orders.map((o) => o.name)).toEqual(['app_admin', 'orders_service'])
  })
})
