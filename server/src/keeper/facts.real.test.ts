import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { must } from '../domains/identity/test/house.ts'
import { Secret } from '../kernel/secret.ts'
import { newAgeKey } from '../platform/crypto/age.ts'
import { newId } from '../platform/crypto/random.ts'
import { placeOf } from './decide/retention.ts'
import { destructionOf } from './facts/destruction.ts'
import type { FactKind } from './facts/fact.ts'
import { holdingOf } from './facts/holding.ts'
import { anchorId, destructionOfRecording } from './facts/retention.ts'
import { sshRotationId, sshTrustOf } from './facts/ssh-rotation.ts'
import { factColumns, factKinds } from './facts/tables.ts'
import { granted, session } from './test/access.ts'
import { createAuthenticator, passkeyOf } from './test/authenticator.ts'
import { again, holds, showing, withoutGateway } from './test/check-out.ts'
import { opening } from './test/opening.ts'
import { openWorld, type Row, type World } from './test/world.ts'

/** One row of each kind, as the product made it. */
let world: World
let ids: Readonly<Record<FactKind, string>>
beforeAll(async () => {
  world = await openWorld()
  const { request, grant } = await granted(world, world.alice, world.deploy, world.bob)
  const opened = session(world, grant, { command: 'id', kept_as: placeOf(world.deploy, world.web01) })
  must(await world.write([{ kind: 'session', revision: 1, row: opened }], await world.present(world.alice), world.gateway))
  const key = {
    id: newId('key'),
    person_id: world.bob.id,
    algorithm: 'ssh-ed25519',
    public_key: 'ssh-ed25519 AAAA',
    fingerprint: 'SHA256:a',
  }
  must(await world.write([{ kind: 'ssh_key', revision: 1, row: { ...key, state: 'active' } }], world.stepUp(world.bob)))
  const passkey = passkeyOf(world.bob.id, createAuthenticator())
  must(await world.write([{ kind: 'passkey', revision: 1, row: passkey }], world.stepUp(world.bob)))
  const [vote] = await world.sql('select id from approval')
  const [factor] = await world.sql("select id from factor where kind = 'password' and person_id = $1", [world.alice.id])
  const [policy] = await world.sql('select id from policy order by name')
  ids = {
    ...{
      person: world.alice.id,
      factor: factor.id,
      ssh_key: key.id,
      passkey: passkey.id,
      target: world.web01.id,
      account: world.deploy.id,
      policy: policy.id,
    },
    ...{ access_request: request.id, approval: vote.id, access_grant: grant.id, session: opened.id, ...(await heldAndShown()) },
    password_policy: await demanded(),
    policy_change: await proposed(),
    dependent: await dependent(),
    ...(await destroyedByPolicy()),
    ...(await activationAsked()),
    deposit: await brought(),
    ...(await authorityReplaced()),
    input_opening: await inputAsked(opened),
    session_ask: await held(opened),
    session_order: await ordered(String(opened.id)),
    sign_in_confirmation: await linkConfirmed(),
    ...(await keptAndDestroyed(String(opened.id), String(opened.recording_id))),
  }
  // an attacker with the database is held up by no constraint
  for (const kind of factKinds) await world.sql(`alter table "${kind}" disable trigger user`)
  const checks = await world.sql(
    "select conrelid::regclass::text as on, conname from pg_constraint where contype in ('c', 'f', 'u') and conrelid::regclass::text = any($1)",
    [[...factKinds, 'recording', 'sign_in', 'sign_in_challenge', 'rotation']],
  )
  for (const { on, conname } of checks.sort((a, b) => (a.conname < b.conname ? -1 : 1)))
    await world.sql(`alter table ${on} drop constraint if exists "${conname}" cascade`)
})
afterAll(() => world?.close())

/** An officer wants to see what was typed unseen. */
async function inputAsked({ id: session_id, recording_id, person_id }: Row): Promise<string> {
  const row = opening(world, { session_id, recording_id, person_id, requester_id: world.carol.id })
  must(await world.write([{ kind: 'input_opening', revision: 1, row }], world.stepUp(world.carol)))
  return row.id
}

/** An act in a session waits for somebody else's word. */
async function held({ id: session_id, recording_id, person_id, account_id }: Row): Promise<string> {
  must(await world.gateway.ask('createRecording', { recording: String(recording_id) }))
  const id = newId('ask')
  const asked = must(await world.gateway.ask('sealAsked', { id, session: String(session_id), act: { action: 'run', command: 'id' } }))
  const at = world.clock.now()
  const row = {
    ...{ id, session_id, person_id, account_id, action: 'run', sealed: Buffer.from(asked.sealed, 'base64'), digest: asked.digest },
    ...{ asked_at: at, expires_at: new Date(at.getTime() + 300_000), state: 'waiting', decided_by: null },
  }
  must(await world.write([{ kind: 'session_ask', revision: 1, row }], { by: 'system' }, world.gateway))
  return row.id
}

/** An officer orders something of a running session. */
async function ordered(session_id: string): Promise<string> {
  const row = { id: newId('sor'), session_id, what: 'suspend', words: 'wait', by_person: world.carol.id, at: world.clock.now() }
  must(await world.write([{ kind: 'session_order', revision: 1, row }], await world.present(world.carol)))
  return row.id
}

/** Somebody let in a connection that waited for it. */
async function linkConfirmed(): Promise<string> {
  const [person] = await world.sql('select revision from person where id = $1', [world.alice.id])
  const authority = world.stepUp(world.alice)
  const at = world.clock.now()
  const row = {
    ...{ id: newId('lnk'), person_id: world.alice.id, person_revision: person.revision, epoch: 1, who: 'alice', account: 'deploy' },
    ...{ target: 'web01', source: '192.0.2.9:1', number: '427', connection: 'a'.repeat(64), confirmed_at: at },
    expires_at: new Date(at.getTime() + 60_000),
  }
  must(await world.write([{ kind: 'sign_in_confirmation', revision: 1, row }], authority))
  return row.id
}

/** What says how long recordings are kept, and that one is destroyed. */
async function keptAndDestroyed(session: string, recording: string) {
  const { carol, web01, clock } = world
  const any = { targets: null, tiers: null, environments: null, kinds: null }
  const ids = { retention_class: newId('rtc'), retention_anchor: anchorId('relationship_ended', web01.id), legal_hold: newId('lho') }
  const subject = { subject_kind: 'session', subject_id: session }
  const rows: [FactKind, (at: Date) => Row][] = [
    [
      'retention_class',
      (at) => ({ name: 'a-class', anchor: 'session_ended', terms: [{ from: at.toISOString(), months: 1, applies: any }] }),
    ],
    [
      'retention_anchor',
      (at) => ({ anchor: 'relationship_ended', subject_id: web01.id, closed_at: at, closed_by: carol.id, state: 'closed' }),
    ],
    ['legal_hold', (at) => ({ ...subject, case_number: 'C-1', placed_by: carol.id, placed_at: at, state: 'placed', lifted_by: null })],
  ]
  for (const [kind, row] of rows) {
    const authority = world.stepUp(carol)
    must(await world.write([{ kind, revision: 1, row: { id: ids[kind as keyof typeof ids], ...row(clock.now()) } }], authority))
  }
  const at = clock.now()
  const file = "insert into recording (id, session_id, file, head) values ($1, $2, 'x', 'x')"
  await world.sql(file, [recording, session])
  const destroyed = { id: destructionOfRecording(recording), recording_id: recording, session_id: session, class: ids.retention_class }
  const row = { ...destroyed, kept_until: at, at, state: 'ordered' }
  await world.attested('recording_destruction', row)
  return { ...ids, recording_destruction: row.id }
}

/** Somebody brought in a credential of an account that nobody manages. */
async function brought(): Promise<string> {
  const target = world.target('billing', { kind: 'stored', identity: {}, settings: {}, manager: '' })
  const account = world.account(target, 'reports', { credentials: ['json'], state: 'managed' })
  const at = world.clock.now()
  const row = { ...{ id: newId('dps'), account_id: account.id, person_id: world.carol.id }, ...{ credential: 'json', version: 1, at } }
  must(
    await world.write(
      [
        { kind: 'target', revision: 1, row: target },
        { kind: 'account', revision: 1, row: account },
        { kind: 'deposit', revision: 1, row },
      ],
      world.stepUp(world.carol),
    ),
  )
  return row.id
}

/** A host trusts the SSH authority, which is being replaced. */
async function authorityReplaced(): Promise<{ ssh_trust: string; ssh_rotation: string }> {
  const trust = { id: sshTrustOf(world.web01.id), target_id: world.web01.id, versions: [1], by_hand: false, state: 'trusts' }
  must(await world.write([{ kind: 'ssh_trust', revision: 1, row: trust }], { by: 'system' }))
  const row = { id: sshRotationId, step: 'telling', old_version: 1, new_version: 2, left_out: [], begun_by: world.carol.id }
  must(await world.write([{ kind: 'ssh_rotation', revision: 1, row }], world.stepUp(world.carol)))
  return { ssh_trust: trust.id, ssh_rotation: row.id }
}

/** Somebody holds an account and was shown its password. */
async function heldAndShown(): Promise<{ holding: string; reveal: string }> {
  const { target, accounts } = await withoutGateway(world, 'cache01', 'admin')
  const account = accounts[0] as Row
  must(
    await world.keeper.ask('storeCredential', { account: String(account.id), credential: 'password', public: null }, Secret.fromText('a')),
  )
  const { grant } = await holds(world, world.alice, account, world.bob, target, { action: 'reveal' })
  const row = showing(world, grant)
  must(await world.write([{ kind: 'reveal', revision: 1, row }], world.stepUp(world.alice)))
  return { holding: holdingOf(String(account.id)), reveal: row.id }
}

/** Versions of an account were destroyed, and how long they are kept is said. */
async function destroyedByPolicy(): Promise<{ destruction: string; version_policy: string }> {
  const policy = { id: 'vpl_0000000000', keep: 3, days: 30, state: 'on' }
  must(await world.write([{ kind: 'version_policy', revision: 1, row: policy }], world.stepUp(world.carol)))
  const owner = { kind: 'account', id: world.root.id, what: 'password' }
  await world.inside.context.vault.put(owner, 'standard', Secret.fromText('a'), { state: 'current' })
  await world.sql("update vault.secret_version set state = 'previous' where owner_id = $1", [world.root.id])
  await world.inside.context.vault.put(owner, 'standard', Secret.fromText('b'), { state: 'current' })
  const row = { id: destructionOf(world.root.id), account_id: world.root.id, gone: { password: [[1, 1]] } }
  must(await world.write([{ kind: 'destruction', revision: 1, row }], world.stepUp(world.carol)))
  return { destruction: row.id, version_policy: policy.id }
}

/** A password policy. */
async function demanded(): Promise<string> {
  const row = {
    ...{ id: newId('pwp'), name: 'long', tier: 1, kind: 'redis', target_id: null, length: 40, classes: ['lower', 'upper', 'digit'] },
    ...{ excluded: '', exception: null, max_age_days: 30, state: 'active' },
  }
  must(await world.write([{ kind: 'password_policy', revision: 1, row }], world.stepUp(world.carol)))
  return row.id
}

/** Somebody wants one policy more. */
async function proposed(): Promise<string> {
  const text = '@floor("Nobody gets this.") forbid (principal in Group::"nobody", action == Action::"connect", resource);'
  const edit = { policy: newId('pol'), name: 'nobody', text, state: 'active', revision: 1, was: null }
  const by = { proposed_by: world.carol.id, proposed_at: world.clock.now(), decided_by: null }
  const row = { id: newId('pch'), changes: [edit], reason: 'to be sure', state: 'proposed', ...by }
  must(await world.write([{ kind: 'policy_change', revision: 1, row }], world.stepUp(world.carol)))
  return row.id
}

/** Something else is told of the account's credential. */
async function dependent(): Promise<string> {
  const row = {
    ...{ id: newId('dpd'), account_id: world.deploy.id, host_id: world.web01.id, credential: 'password' },
    ...{ settings: { unit: 'app.service' }, state: 'active', introduced_by: world.carol.id },
  }
  must(await world.write([{ kind: 'dependent', revision: 1, row }], world.stepUp(world.carol)))
  return row.id
}

/** A key that counts, and an activation that waits for its second person. */
async function activationAsked(): Promise<{ breakglass_key: string; breakglass_activation: string }> {
  const keys = await Promise.all(['bob', 'dan'].map(async (name) => ({ name, key: (await newAgeKey()).recipient })))
  const custodians = keys.map((one) => ({ ...one, share: '-----BEGIN AGE ENCRYPTED FILE-----' }))
  const anna = await world.enrolled('anna', ['administrators'])
  const key = { id: newId('bgk'), recipient: (await newAgeKey()).recipient, threshold: 2, custodians, introduced_by: anna.id }
  must(await world.write([{ kind: 'breakglass_key', revision: 1, row: { ...key, state: 'proposed' } }], world.stepUp(anna)))
  must(await world.write([{ kind: 'breakglass_key', revision: 2, row: { ...key, state: 'active' } }], world.stepUp(world.carol)))
  const { accounts } = await withoutGateway(world, 'emergency01', 'breakglass')
  const id = String(accounts[0]?.id)
  must(await world.write([await again(world, 'account', id, { break_glass: true })], world.stepUp(world.carol)))
  const at = world.clock.now()
  const row = {
    ...{ id: newId('bga'), kind: 'emergency', accounts: [id], requester_id: world.alice.id, approver_id: null, reason: 'all are away' },
    ...{ seconds: 600, state: 'waiting', created_at: at, expires_at: new Date(at.getTime() + 600_000), starts_at: null, ends_at: null },
    ...{ epoch: world.inside.context.identity.epoch, reviewer_id: null, review: null },
  }
  must(await world.write([{ kind: 'breakglass_activation', revision: 1, row }], world.stepUp(world.alice)))
  return { breakglass_key: key.id, breakglass_activation: row.id }
}

const read = async (kind: FactKind) => await world.keeper.ask('vouch', { rows: [{ kind, id: ids[kind] }] })
const alarmsOf = async (id: string) => (await world.entries()).filter((e) => e.act === 'alarm.forged_row' && e.fields.subject === id)

/** Another value of a column's type. */
const changed = (type: string): string =>
  ({
    integer: 'coalesce(COL, 0) + 1',
    'timestamp with time zone': "coalesce(COL, now()) + interval '1 millisecond'",
    jsonb: `COL || '{"more": 1}'`,
    boolean: 'not coalesce(COL, false)',
    ARRAY: "array_append(COL, 'administrators')",
    _int4: 'array_append(COL, 7)',
  })[type] ?? "coalesce(COL, '') || 'x'"

const cases = factKinds.flatMap((kind) => factColumns[kind].filter((c) => c !== 'id').map((column) => [kind, column] as const))

describe('a row that decides access', () => {
  test.each(cases)('opens nothing once somebody changed %s.%s in the database, and raises an alarm', async (kind, column) => {
    const [{ data_type: type }] = (await world.sql(
      "select case udt_name when '_int4' then udt_name else data_type end as data_type from information_schema.columns where table_name = $1 and column_name = $2",
      [kind, column],
    )) as [{ data_type: string }]
    must(await read(kind))
    const [before] = await world.sql(`select to_jsonb(t) as row from "${kind}" t where id = $1`, [ids[kind]])
    world.later(61_000) // the same alarm is written once a minute
    const had = (await alarmsOf(ids[kind])).length
    await world.sql(`update "${kind}" set "${column}" = ${changed(type).replaceAll('COL', `"${column}"`)} where id = $1`, [ids[kind]])
    expect(await read(kind)).toMatchObject({ ok: false, error: { code: 'keeper.forged_row', facts: { kind, id: ids[kind] } } })
    expect(await alarmsOf(ids[kind])).toHaveLength(had + 1)
    await world.sql(
      `update "${kind}" t set "${column}" = r."${column}" from jsonb_populate_record(null::"${kind}", $2) r where t.id = $1`,
      [ids[kind], before.row],
    )
    must(await read(kind))
  })

  test.each(factKinds)('opens nothing once its id is another’s (%s)', async (kind) => {
    const other = `${ids[kind].slice(0, 4)}zzzzzzzzzz`
    await world.sql(`update "${kind}" set id = $2 where id = $1`, [ids[kind], other])
    expect(await world.keeper.ask('vouch', { rows: [{ kind, id: other }] })).toMatchObject({
      ok: false,
      error: { code: 'keeper.forged_row' },
    })
    expect(await read(kind)).toMatchObject({ ok: false, error: { code: 'keeper.forged_row' } })
    await world.sql(`update "${kind}" set id = $2 where id = $1`, [other, ids[kind]])
    must(await read(kind))
  })

  test.each(factKinds)('opens nothing with a revision that nobody attested (%s)', async (kind) => {
    await world.sql(`update "${kind}" set revision = revision + 1 where id = $1`, [ids[kind]])
    expect(await read(kind)).toMatchObject({ ok: false, error: { code: 'keeper.forged_row' } })
    await world.sql(`update "${kind}" set revision = revision - 1 where id = $1`, [ids[kind]])
    must(await read(kind))
  })

  test('is missed when it is deleted', async () => {
    const [before] = await world.sql('select to_jsonb(t) as row from policy t where id = $1', [ids.policy])
    await world.sql('delete from policy where id = $1', [ids.policy])
    expect(await read('policy')).toMatchObject({ ok: false, error: { code: 'keeper.forged_row' } })
    // the policies are one set: without one of them nobody is granted anything
    expect(await world.inside.policies()).toMatchObject({ ok: false, error: { code: 'keeper.forged_row' } })
    await world.sql('insert into policy select * from jsonb_populate_record(null::policy, $1)', [before.row])
    must(await world.inside.policies())
  })

  test('cannot be put back to an older revision, however genuine that was', async () => {
    const on = await world.vouched('target', world.web01.id)
    const [old] = await world.sql('select to_jsonb(t) as row from target t where id = $1', [ids.target])
    must(await world.write([{ kind: 'target', revision: 2, row: { ...on, tier: 0 } }], world.stepUp(world.carol)))
    await world.sql(
      'update target t set tier = r.tier, revision = r.revision, mac = r.mac from jsonb_populate_record(null::target, $2) r where t.id = $1',
      [ids.target, old.row],
    )
    expect(await read('target')).toMatchObject({
      ok: false,
      error: { code: 'keeper.forged_row', message: expect.stringContaining('older revision') },
    })
    expect(await alarmsOf(ids.target)).not.toEqual([])
  })

  test('counts only once the ledger has it: a row that was attested and never recorded opens nothing', async () => {
    const person = { id: newId('per'), name: 'ghost', display_name: 'Ghost', groups: ['engineers'], state: 'invited' }
    const attested = must(
      await world.keeper.ask('attest', { rows: [{ kind: 'person', revision: 1, content: person }], authority: world.stepUp(world.carol) }),
    )
    await world.store('person', person, 1, Buffer.from(attested.attestations[0]?.mac ?? '', 'hex'))
    expect(await world.keeper.ask('vouch', { rows: [{ kind: 'person', id: person.id }] })).toMatchObject({
      ok: false,
      error: { code: 'keeper.not_recorded' },
    })
  })

  test('is not made by copying another row with its seal', async () => {
    await world.sql(
      "insert into account select 'acc_zzzzzzzzzz', target_id, name, category, tier, privileges, credentials, authorised_keys, state, found_at, gone_at, revision, mac from account where id = $1",
      [ids.account],
    )
    expect(await world.keeper.ask('vouch', { rows: [{ kind: 'account', id: 'acc_zzzzzzzzzz' }] })).toMatchObject({
      ok: false,
      error: { code: 'keeper.forged_row' },
    })
  })

  test('raises the same alarm once a minute, so that nobody fills the ledger with it', async () => {
    await world.sql("update session set source = source || 'x' where id = $1", [ids.session])
    world.later(61_000)
    const had = (await alarmsOf(ids.session)).length
    for (let i = 0; i < 5; i++) await read('session')
    expect(await alarmsOf(ids.session)).toHaveLength(had + 1)
    world.later(61_000)
    await read('session')
    expect(await alarmsOf(ids.session)).toHaveLength(had + 2)
  })
})
