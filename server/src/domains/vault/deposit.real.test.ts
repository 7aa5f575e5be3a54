import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { holds, showing } from '../../keeper/test/check-out.ts'
import { openDevKeeper } from '../../keeper/test/start.ts'
import { openWorld, type World } from '../../keeper/test/world.ts'
import { type CredentialKind, largestCredential } from '../../kernel/credential-kinds.ts'
import type { AccountId, DepositId, GrantId, TargetId } from '../../kernel/id.ts'
import { Secret } from '../../kernel/secret.ts'
import { newId, randomSecretBytes } from '../../platform/crypto/random.ts'
import { targetKinds } from '../../targets/registry.ts'
import { endGrant } from '../access/end-grants.ts'
import { giveToNext } from '../access/give-to-next.ts'
import { issueReadTicket } from '../access/issue-read-ticket.ts'
import { createReads } from '../access/read-credentials.ts'
import { revealCredential } from '../access/reveal-credential.ts'
import { must } from '../identity/test/house.ts'
import { createKinds } from '../inventory/index.ts'
import { showImports } from '../onboarding/onboarding.view.ts'
import { isReplaced } from '../rotation/is-replaced.ts'
import { type Brought, depositCredential, settleDeposits } from './deposit-credential.ts'
import { depositMany } from './deposit-many.ts'
import { destroyVersions } from './destroy-versions.ts'
import { showReport } from './report.view.ts'

let world: World
let billing: ReturnType<World['target']>
let deps: Parameters<typeof depositCredential>[0]
let number = 0
beforeAll(async () => {
  world = await openWorld()
  const kinds = createKinds(targetKinds, async () => ({ ok: false, error: { code: 'target.unreachable', detail: 'nobody dials here' } }))
  deps = { ...world, kinds, now: world.clock.now }
  billing = world.target('billing', { kind: 'stored', environment: 'lab', tier: 2, identity: {}, settings: {}, manager: '' })
  must(await world.write([{ kind: 'target', revision: 1, row: billing }], world.setup))
})
afterAll(() => world?.close())

const refused = (code: string) => ({ ok: false, error: { code } })
const bytes = (text: string) => new TextEncoder().encode(text)
const bring = async (over: Partial<Brought> = {}, who = world.carol) =>
  await depositCredential(
    deps,
    { person: who.id, code: who.code() },
    {
      ...{ target: billing.id, account: `app${number}`, kind: 'json', bytes: bytes('{"a":1}'), name: undefined, tier: undefined },
      ...over,
    },
  )
const fresh = async (over: Partial<Brought> = {}) => {
  number += 1
  return must(await bring(over))
}
const opened = async (account: string, what: CredentialKind) => {
  const found = must(await world.inside.context.vault.openState({ kind: 'account', id: account, what }, 'current'))
  return await found.secret.use('show-to-holder', (b) => Buffer.from(b))
}
const states = async (account: string) =>
  (await world.sql('select what, version, state from vault.secret_version where owner_id = $1 order by what, version', [account])).map(
    (r) => `${r.what} ${r.version} ${r.state}`,
  )
/** Alice holds the account and may see its credential. */
const holding = async (account: string) =>
  (await holds(world, world.alice, { id: account }, world.bob, billing, { action: 'reveal' })).grant
const reveal = async (grant: string, credential: CredentialKind, who = world.alice) =>
  await revealCredential(deps, grant as GrantId, { person: who.id, groups: ['engineers'] }, { code: who.code(), credential })

const restarted = async () =>
  await openDevKeeper({
    ...{ pool: world.inside.context.pool, folder: world.inside.context.folder.path('') },
    ...{ log: () => undefined, now: world.clock.now },
  })

describe('a credential that is brought in', () => {
  test('makes its account, is current, and says in the ledger who brought it before the keeper takes it', async () => {
    const before = (await world.entries()).length
    const kept = await fresh({ kind: 'api-key', bytes: bytes('wJalrXUtnFEMI/K7MDENG'), name: 'AKIA1' })
    expect(kept).toMatchObject({ account: { name: `app${number}`, target: 'billing' }, version: 1, about: { id: 'AKIA1' } })
    expect(await world.vouched('account', kept.account.id)).toMatchObject({ state: 'managed', tier: 2, credentials: ['api-key'] })
    expect((await opened(kept.account.id, 'api-key')).toString()).toBe('wJalrXUtnFEMI/K7MDENG')
    const said = (await world.entries()).slice(before).filter((e) => e.act.startsWith('vault.'))
    expect(said).toMatchObject([
      {
        act: 'vault.bringing',
        phase: 'intent',
        by: world.carol.id,
        fields: { account: kept.account.id, credential: 'api-key', version: 1 },
      },
      { act: 'vault.brought', phase: 'outcome', fields: { version: 1 } },
    ])
    expect(JSON.stringify(said)).not.toContain('wJalr')
  })

  test('is followed by the next version, and the one before can be destroyed', async () => {
    const { account } = await fresh()
    expect(must(await bring({ bytes: bytes('{"a":2}') })).version).toBe(2)
    expect(await states(account.id)).toEqual(['json 1 previous', 'json 2 current'])
    expect((await opened(account.id, 'json')).toString()).toBe('{"a":2}')
    const officer = { person: world.carol.id, code: world.carol.code() }
    const done = await destroyVersions(world, officer, { account: account.id, credential: 'json', versions: [1], reason: 'old' })
    expect(must(done)).toEqual({ shredded: true })
    expect(await states(account.id)).toEqual(['json 1 destroyed', 'json 2 current'])
  })

  test('is replaced by who holds the account alone, and by nobody else who is no administrator', async () => {
    const { account } = await fresh()
    const next = (who: World['carol'], over: Partial<Brought> = {}) => bring({ bytes: bytes('{"a":2}'), ...over }, who)
    expect(await next(world.alice)).toMatchObject(refused('keeper.not_authorised'))
    const grant = await holding(account.id)
    for (const other of [world.erin, world.bob, world.dave]) expect(await next(other)).toMatchObject(refused('keeper.not_authorised'))
    // another kind of it, or another account of the same target
    expect(await next(world.alice, { kind: 'file', name: 'a.bin' })).toMatchObject(refused('keeper.not_authorised'))
    expect(await next(world.alice, { account: 'app-of-nobody' })).toMatchObject(refused('keeper.not_authorised'))
    expect(must(await next(world.alice)).version).toBe(2)
    expect(await states(account.id)).toEqual(['json 1 previous', 'json 2 current'])
    // the database alone says that it runs on
    const over = await world.vouched('access_grant', grant.id)
    world.later(Date.parse(String(over.ends_at)) - world.clock.now().getTime() + 1)
    await world.sql("update access_grant set ends_at = ends_at + interval '1 hour' where id = $1", [grant.id])
    expect(await next(world.alice)).toMatchObject(refused('keeper.forged_row'))
    await world.sql("update access_grant set ends_at = ends_at - interval '1 hour' where id = $1", [grant.id])
    expect(await next(world.alice)).toMatchObject(refused('keeper.not_authorised'))
  })

  test('may be a file of a mebibyte: sealed, escrowed, shown to its holder as it was, put back into an older database, and destroyed', async () => {
    const whole = randomSecretBytes(largestCredential)
    const copy = Buffer.from(whole)
    const { account } = await fresh({ kind: 'file', bytes: whole, name: 'keyring.p12' })
    expect((await opened(account.id, 'file')).equals(copy)).toBe(true)
    const grant = await holding(account.id)
    const shown = must(await reveal(grant.id, 'file'))
    expect(shown).toMatchObject({ credential: 'file', version: 1, public: null, about: { name: 'keyring.p12', size: largestCredential } })
    expect(await shown.secret.use('show-to-holder', (b) => copy.equals(b))).toBe(true)
    // an older database: what is missing comes from the escrow, and there is no target to try it on
    await world.sql('delete from vault.secret_version where owner_id = $1', [account.id])
    await restarted()
    expect(await states(account.id)).toEqual(['file 1 current'])
    expect((await opened(account.id, 'file')).equals(copy)).toBe(true)
    must(await bring({ kind: 'file', bytes: bytes('small'), name: 'keyring.p12' }))
    const officer = { person: world.carol.id, code: world.carol.code() }
    must(await destroyVersions(world, officer, { account: account.id, credential: 'file', versions: [1], reason: 'renewed' }))
    expect(readFileSync(join(world.database.folder, 'keeper', 'escrow.jsonl')).length).toBeLessThan(largestCredential)
  })

  test('is read by a program with a ticket, many files at once', async () => {
    const size = 1_000_000
    const whole = Buffer.alloc(size, 7)
    const { account } = await fresh({ kind: 'file', bytes: Buffer.from(whole), name: 'a.bin' })
    const grant = await holding(account.id)
    const from = '192.0.2.10'
    const given = { code: world.alice.code(), from }
    const issued = must(await issueReadTicket(world, grant.id as GrantId, { person: world.alice.id, groups: ['engineers'] }, given))
    const ticket = await issued.ticket.use('show-once-to-owner', (b) => Buffer.from(b).toString())
    const read = createReads(world, async ({ secret, about }) => ({
      about,
      bytes: await secret.use('show-to-holder', (b) => Buffer.from(b)),
    }))
    // more than the keeper's socket takes in one frame
    const answers = await Promise.all(Array.from({ length: 120 }, () => read({ ticket, from, credential: 'file' })))
    for (const answer of answers) {
      const { bytes, about } = must(answer)
      expect(about).toEqual({ name: 'a.bin', size })
      expect(whole.equals(bytes)).toBe(true)
    }
  })

  test('comes with others by one code: each is kept by itself, what the vault has is left, and what cannot be read is in nobody’s way', async () => {
    const { account } = await fresh()
    const one = (name: string, kind: CredentialKind, text: string, over: Partial<Brought> = {}): Brought => ({
      ...{ target: billing.id, account: name, kind, bytes: bytes(text), name: undefined, tier: undefined },
      ...over,
    })
    number += 1
    const many = [
      ...[one(`many${number}`, 'api-key', 'wJalrXUtnFEMI-K7', { name: 'AKIA2' }), one(account.name, 'json', '{"later":1}')],
      ...[one(`many${number}`, 'json', '{"a":1}'), one(`many${number}`, 'tls', 'no certificate'), one(`many${number}`, 'json', '{"b":1}')],
    ]
    const before = (await world.entries()).length
    const told = must(await depositMany(deps, { person: world.carol.id, code: world.carol.code() }, many, 'CSV: apps.csv'))
    expect(told.map((t) => [t.outcome, t.code])).toEqual([
      ['stored', null],
      ['known', 'vault.has_already'],
      ['stored', null],
      ['failed', 'vault.unreadable'],
      ['known', 'vault.has_already'],
    ])
    const [made] = await world.sql('select id from account where name = $1', [`many${number}`])
    expect(await world.vouched('account', made?.id)).toMatchObject({ state: 'managed', credentials: ['api-key', 'json'] })
    expect((await opened(made?.id, 'json')).toString()).toBe('{"a":1}')
    expect(await states(account.id)).toEqual(['json 1 current'])
    const said = (await world.entries()).slice(before).filter((e) => e.act.startsWith('vault.'))
    expect(said.map((e) => e.act).sort()).toEqual(['vault.bringing', 'vault.bringing', 'vault.brought', 'vault.brought'])
    const { imports } = await showImports(world.db, { limit: 10 })
    expect(imports).toMatchObject([{ source: 'CSV: apps.csv', by: 'carol', stored: 2, known: 2, failed: 1, refused: 0, staged: 0 }])
    expect((await showImports(world.db, { limit: 10, after: imports[0]?.id })).imports).toEqual([])
  })

  test('does not come with others by a code that is not theirs', async () => {
    number += 1
    const one = { target: billing.id, account: `many${number}`, kind: 'json' as const, name: undefined, tier: undefined }
    // what is taken over is wiped
    const many = (): Brought[] => [{ ...one, bytes: bytes('[]') }]
    expect(await depositMany(deps, { person: world.carol.id, code: '000000' }, many(), 'a file')).toMatchObject({ ok: false })
    expect(await depositMany(deps, { person: world.alice.id, code: world.alice.code() }, many(), 'a file')).toMatchObject({ ok: false })
    expect(await world.sql('select 1 from account where name = $1', [`many${number}`])).toEqual([])
  })

  test('keeps nobody out when it is given back: nobody replaces it but by hand', async () => {
    const { account } = await fresh()
    const grant = await holding(account.id)
    const access = {
      ...{ ...world, now: world.clock.now, whenGrantEnds: async () => undefined, shortestSeconds: 60 },
      isReplaced: (tx: Parameters<typeof isReplaced>[0], id: AccountId, seen: Readonly<Record<string, number>>) => isReplaced(tx, id, seen),
    }
    must(await endGrant(access, grant.id as GrantId, { person: world.alice.id, groups: ['engineers'] }, 'done'))
    await giveToNext(access, account.id)
    expect(await world.sql('select state from holding where account_id = $1', [account.id])).toEqual([{ state: 'free' }])
    await holds(world, world.erin, { id: account.id }, world.bob, billing, { action: 'reveal' })
    const report = must(await showReport(world.db, world.keeper, { find: 'shared', days: 90, limit: 50 }))
    expect(report.credentials.map((c) => c.account.id)).toContain(account.id)
  })

  test('is found where it is used twice, by a keyed hash', async () => {
    const same = '{"token":"the same"}'
    const one = await fresh({ bytes: bytes(same) })
    const other = await fresh({ bytes: bytes(same) })
    const report = must(await showReport(world.db, world.keeper, { find: 'reused', days: 90, limit: 50 }))
    expect(report.credentials.find((c) => c.account.id === one.account.id)?.sameAs).toMatchObject([{ id: other.account.id }])
  })

  test('that a crash cut off is current after a restart, and its deposit is settled', async () => {
    const { account } = await fresh()
    await world.sql("update vault.secret_version set state = 'candidate' where owner_id = $1", [account.id])
    await world.sql("update deposit set state = 'preparing' where account_id = $1", [account.id])
    await restarted()
    expect(await states(account.id)).toEqual(['json 1 current'])
    await settleDeposits({ ...deps, now: () => new Date(world.clock.now().getTime() + 3600_000) })
    expect(await world.sql('select state from deposit where account_id = $1', [account.id])).toEqual([{ state: 'kept' }])
  })
})

describe('bringing in is refused', () => {
  type Case = [string, string, () => Promise<unknown>]
  test.each<Case>([
    ['to an engineer', 'keeper.not_authorised', () => bring({ account: 'x1' }, world.alice)],
    ['to an auditor', 'keeper.not_authorised', () => bring({ account: 'x2' }, world.dave)],
    ['with a wrong code', 'factor.code_wrong', () => bring({ account: 'x3' }, { ...world.carol, code: () => '000000' })],
    ['where Claviger makes the credentials itself', 'vault.reached', () => bring({ target: world.web01.id, account: 'deploy' })],
    ['on a target that is not there', 'vault.target_unknown', () => bring({ target: newId('tgt') as TargetId })],
    [
      'of what is more than a mebibyte',
      'vault.unreadable',
      () => bring({ kind: 'file', name: 'x', bytes: new Uint8Array(largestCredential + 1) }),
    ],
    ['of nothing', 'vault.unreadable', () => bring({ bytes: new Uint8Array() })],
    ['of what its kind does not take', 'vault.unreadable', () => bring({ bytes: bytes('no json') })],
    ['under a path', 'vault.unreadable', () => bring({ kind: 'file', name: '../../etc/cron.d/x' })],
  ])('%s', async (_what, code, act) => {
    const before = await world.sql('select count(*)::int as n from account')
    expect(await act()).toMatchObject(refused(code))
    expect(await world.sql('select count(*)::int as n from account')).toEqual(before)
  })

  test('for an account that Claviger replaces itself, whoever attests it', async () => {
    const row = {
      ...{ id: newId('dps'), account_id: world.deploy.id, person_id: world.carol.id },
      ...{ credential: 'password', version: 1 },
    }
    expect(
      await world.write([{ kind: 'deposit', revision: 1, row: { ...row, at: world.clock.now() } }], world.stepUp(world.carol)),
    ).toMatchObject(refused('vault.made_here'))
  })
})

describe('whoever has the api process alone', () => {
  test('brings in nothing: not without a person’s code, not twice, not for another person, not under another kind', async () => {
    const { account } = await fresh()
    const at = world.clock.now()
    const row = { ...{ id: newId('dps'), account_id: account.id, person_id: world.carol.id, credential: 'json', version: 2 }, at }
    const deposit = (presence: string, id = row.id) =>
      world.keeper.ask('deposit', { deposit: id, presence, public: null }, Secret.fromText('theirs'))
    for (const authority of [{ by: 'system' as const }, await world.present(world.carol), world.stepUp(world.alice)])
      expect(await world.write([{ kind: 'deposit', revision: 1, row }], authority)).toMatchObject(refused('keeper.not_authorised'))
    const { presence } = await world.present(world.carol)
    expect(await deposit(presence)).toMatchObject({ ok: false })
    // a row of their own making
    await world.store('deposit', row, 1, Buffer.alloc(32))
    expect(await deposit(presence)).toMatchObject({ ok: false })
    expect(await states(account.id)).toEqual(['json 1 current'])
    const [mine] = await world.sql("select id from deposit where account_id = $1 and state = 'kept'", [account.id])
    expect(await deposit(presence, mine?.id as DepositId)).toMatchObject({ ok: false })
    expect(await deposit((await world.present(world.alice)).presence, mine?.id as DepositId)).toMatchObject(refused('vault.not_yours'))
    expect(await states(account.id)).toEqual(['json 1 current'])
  })

  test('sees nothing without a grant, and with one only what its row names', async () => {
    const { account } = await fresh()
    const { presence } = await world.present(world.alice)
    expect(await world.keeper.ask('reveal', { reveal: newId('rvl'), presence })).toMatchObject({ ok: false })
    expect(await reveal(newId('grt'), 'json')).toMatchObject(refused('access.grant_unknown'))
    const grant = await holding(account.id)
    expect(await reveal(grant.id, 'json', world.erin)).toMatchObject(refused('access.grant_unknown'))
    const row = showing(world, grant, { credential: 'file', version: 1 })
    expect(await world.write([{ kind: 'reveal', revision: 1, row }], world.stepUp(world.alice))).toMatchObject(
      refused('vault.no_credential'),
    )
  })
})

describe('whoever has the database', () => {
  test.each([
    ['another kind', "update vault.secret_version set what = 'password' where owner_id = $1", 'password'],
    ['another name of the file', `update vault.secret_version set public = '{"name":"other","size":1}' where owner_id = $1`, 'file'],
  ])('opens nothing by writing %s into its row', async (_what, forged, what) => {
    const { account } = await fresh({ kind: 'file', bytes: bytes('x'), name: 'a.p12' })
    await world.sql(forged, [account.id])
    expect(await world.inside.context.vault.openState({ kind: 'account', id: account.id, what }, 'current')).toMatchObject(
      refused('vault.does_not_open'),
    )
  })

  test('does not have credentials made by hand where Claviger replaces them: who manages a target is attested, and does not change', async () => {
    const target = world.target('managed', { kind: 'redis' })
    await world.added(target, 'app')
    expect(await world.write([{ kind: 'target', revision: 2, row: { ...target, manager: '' } }], world.stepUp(world.carol))).toMatchObject(
      refused('keeper.not_authorised'),
    )
  })
})
