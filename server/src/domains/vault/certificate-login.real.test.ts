import { chownSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { authorityNamed, type Door, openDoor } from '../../gateways/postgres/test/open-door.ts'
import { granted, session } from '../../keeper/test/access.ts'
import { openWorld, type World } from '../../keeper/test/world.ts'
import type { AccountId, TargetId } from '../../kernel/id.ts'
import { certificateFingerprint } from '../../platform/crypto/certificate.ts'
import { createDialer } from '../../platform/dialer/index.ts'
import { clientAuthority } from '../../platform/tls/client-authority.fixture.ts'
import { targetKinds } from '../../targets/registry.ts'
import { must } from '../identity/test/house.ts'
import { discoverTarget } from '../inventory/discover-target.ts'
import { createKinds } from '../inventory/index.ts'
import { rotateAccount } from '../rotation/rotate-account.ts'
import { verifyAccount } from '../rotation/verify-account.ts'
import { type Brought, depositCredential } from './deposit-credential.ts'
import { showReport } from './report.view.ts'

/* A certificate that an administrator brings in for an account of a real PostgreSQL, which lets that account in by nothing else. */

let world: World
let door: Door
let target: ReturnType<World['target']>
let deps: Parameters<typeof depositCredential>[0] & Record<string, unknown>
let account: AccountId
const authority = authorityNamed('databases of the house')
const clients = clientAuthority('people of the house')
const own = authority.issue()

beforeAll(async () => {
  ;[world, door] = await Promise.all([openWorld(), openDoor()])
  const [at] = await door.sql<{ hba: string }>(`select current_setting('hba_file') as hba`)
  const { uid, gid } = statSync(String(at?.hba))
  for (const [name, content] of Object.entries({ cert: own.certificate, key: own.privateKey, ca: clients.ca })) {
    const file = join(dirname(String(at?.hba)), `own.${name}`)
    writeFileSync(file, content, { mode: 0o600 })
    chownSync(file, uid, gid)
    await door.sql(`alter system set ssl_${name}_file = '${file}'`)
  }
  writeFileSync(String(at?.hba), 'hostssl all app_admin all cert\nhost all postgres all scram-sha-256\n')
  await door.sql('alter system set ssl = on')
  await door.sql('select pg_reload_conf()')
  const dial = createDialer({ allow: [{ cidr: '127.0.0.1' }], ownListeners: [], lab: true })
  deps = { ...world, kinds: createKinds(targetKinds, dial), now: world.clock.now }
  target = world.target('orders', {
    ...{ kind: 'postgres', manager: 'app_admin', tier: 2 },
    settings: { host: '127.0.0.1', port: door.server.connection.port, tls: 'verify', ca: authority.ca },
    identity: { proof: 'tls-certificate', certificate: certificateFingerprint(own.certificate) },
  })
  const [row] = (await world.added(target, 'app_admin')) as unknown as [{ id: AccountId }]
  account = row.id
}, 60_000)
afterAll(async () => {
  await world?.close()
  await door?.[Symbol.asyncDispose]()
})

const bytes = (text: string) => new TextEncoder().encode(text)
const bring = (text: string, over: Partial<Brought> = {}, who = world.carol) => {
  const brought = {
    target: target.id as TargetId,
    account: 'app_admin',
    kind: 'tls' as const,
    bytes: bytes(text),
    name: undefined,
    tier: undefined,
  }
  return depositCredential(deps, { person: who.id, code: who.code() }, { ...brought, ...over })
}
const inVault = async () => (await world.sql('select what, version, state from vault.secret_version where owner_id = $1', [account])).length
const said = async (act: string) => (await world.entries()).filter((e) => e.act === act).map((e) => e.fields)

describe('a certificate for an account that Claviger reaches', () => {
  test('that the target does not take, that is over, or that has a passphrase, is not kept', async () => {
    expect(await bring(clientAuthority('somebody else').certify('app_admin'))).toMatchObject({ error: { code: 'target.login_refused' } })
    expect(await bring(clients.certify('somebody'))).toMatchObject({
      error: { code: 'target.login_refused', why: expect.stringContaining('The name in it has to be the role’s') },
    })
    expect(await bring(clients.certify('app_admin', -1_000))).toMatchObject({ error: { code: 'target.certificate_unusable' } })
    const locked = clients.certify('app_admin').replaceAll('PRIVATE KEY', 'ENCRYPTED PRIVATE KEY')
    expect(await bring(locked)).toMatchObject({
      error: { code: 'vault.unreadable', why: expect.stringMatching(/passphrase\. Take it away first/) },
    })
    expect(await inVault()).toBe(0)
    expect((await said('vault.not_brought')).map((fields) => fields.code)).toEqual([
      ...['target.login_refused', 'target.login_refused', 'target.certificate_unusable'],
    ])
  })

  test('is brought in by administrators alone, for what was found there, and nothing else is', async () => {
    const good = clients.certify('app_admin')
    for (const who of [world.alice, world.bob])
      expect(await bring(good, {}, who)).toMatchObject({ error: { code: 'keeper.not_authorised' } })
    expect(await bring(good, { account: 'nobody_saw_this' })).toMatchObject({ error: { code: 'vault.not_found' } })
    expect(await bring('hunter2', { kind: 'password' })).toMatchObject({ error: { code: 'vault.reached' } })
    expect(await bring('{}', { kind: 'json' })).toMatchObject({ error: { code: 'vault.reached' } })
    expect(await inVault()).toBe(0)
  })

  test('is tried there and kept; from then on sessions, looks and discovery log in with it', async () => {
    const good = clients.certify('app_admin')
    expect(must(await bring(good))).toMatchObject({ credential: 'tls', version: 1, about: { subject: 'CN=app_admin' } })
    expect(await world.vouched('account', account)).toMatchObject({ state: 'managed', credentials: expect.arrayContaining(['tls']) })

    const { grant } = await granted(world, world.alice, await world.vouched('account', account), world.bob, target)
    const { presence } = await world.present(world.alice)
    const opened = session(world, grant)
    must(await world.write([{ kind: 'session', revision: 1, row: opened }], { by: 'presence', presence }, world.gateway))
    const released = must(await world.gateway.ask('release', { grant: grant.id, session: opened.id, presence }))
    expect(released).toMatchObject({ credential: 'tls', version: 1, account: 'app_admin' })
    expect(await released.payload?.use('recognise', (b) => Buffer.from(b).toString())).toBe(good)

    expect(must(await verifyAccount(deps as never, { account, by: world.carol.id }))).toEqual([
      { credential: 'tls', version: 1, code: null },
    ])
    must(await discoverTarget(deps as never, world.carol.id, target.id as TargetId))
    expect(await world.vouched('account', account)).toMatchObject({ credentials: ['password', 'tls'] })
    const report = must(await showReport(world.db, world.keeper, { find: 'expiring', days: 90, within: 30, limit: 10 }))
    expect(report.credentials).toMatchObject([{ credential: 'tls', version: 1 }])
  })

  test('is no account for emergencies any more, and nothing rotates it: the sentence says what to do', async () => {
    const row = await world.vouched('account', account)
    const marked = { kind: 'account' as const, revision: Number(row.revision ?? 0) + 1, row: { ...row, break_glass: true } }
    expect(await world.write([marked], world.stepUp(world.carol))).toMatchObject({ ok: false })
    const alone = { ...row, credentials: ['tls'], revision: (world.inside.context.notary.head('account', account)?.revision ?? 0) + 1 }
    must(await world.write([{ kind: 'account', revision: alone.revision, row: alone }], world.stepUp(world.carol)))
    const order = { account, trigger: 'on-demand', reason: 'a test', by: world.carol.id } as const
    expect(await rotateAccount(deps as never, order)).toMatchObject({ error: { code: 'rotation.brought_in', account: 'app_admin' } })
  })

  test('is shown to no impostor at its address, which is an alarm', async () => {
    const other = authority.issue()
    const hba = String((await door.sql<{ hba: string }>(`select current_setting('hba_file') as hba`))[0]?.hba)
    for (const [name, content] of Object.entries({ cert: other.certificate, key: other.privateKey }))
      writeFileSync(join(dirname(hba), `own.${name}`), content)
    await door.sql('select pg_reload_conf()')
    expect(await bring(clients.certify('app_admin'))).toMatchObject({ error: { code: 'target.impostor' } })
    expect(await said('alarm.impostor')).toMatchObject([{ target: target.id, during: 'bringing in' }])
    expect(await inVault()).toBe(1)
  })
})
