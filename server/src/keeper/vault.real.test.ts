import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { RecordOptions } from '../domains/audit/index.ts'
import { auditEvent, createActs } from '../domains/audit/index.ts'
import { must } from '../domains/identity/test/house.ts'
import { Secret } from '../kernel/secret.ts'
import { newId } from '../platform/crypto/random.ts'
import { openDevKeeper } from './test/start.ts'
import { openWorld, type Row, type World } from './test/world.ts'
import { findVersion, insertVersion } from './vault/vault.store.ts'

let world: World
let account: Row & { id: string }
let number = 0
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world?.close())
beforeEach(async () => {
  ;[account] = (await world.added(world.target(`host${number++}`), 'root')) as Row[] as [Row & { id: string }]
})

const refused = (code: string) => ({ ok: false, error: { code } })
const text = async (secret: Secret | undefined) => await secret?.use('set-on-target', (b) => Buffer.from(b).toString())
const store = async (id: string, password: string) =>
  must(await world.keeper.ask('storeCredential', { account: id, credential: 'password', public: null }, Secret.fromText(password)))
const prepare = (rotation: string, credential: 'password' | 'ssh-key' = 'password', id = account.id) =>
  world.keeper.ask('prepareRotation', { rotation: rotation as never, account: id, credential })
const begun = auditEvent('rotation.begun', { rotation: 'shown', account: 'shown', target: 'shown' })
const intentFor = (rotation: string, over: Row = {}, options: RecordOptions = { phase: 'intent' }) =>
  world.audit.note(begun({ rotation, account: account.id, target: String(account.target_id), ...over } as never), null, options)
const secretOf = (rotation: string, intent: string, which: 'candidate' | 'current' | 'previous' = 'candidate') =>
  world.keeper.ask('rotationSecret', { rotation, intent, which })
const promote = (rotation: string) => world.keeper.ask('promote', { rotation })
const versions = (id = account.id) =>
  world.sql('select version, what, state from vault.secret_version where owner_id = $1 order by what, version', [id])
/** Another start of the keeper, on the same database and folder. */
const restarted = () =>
  openDevKeeper({
    pool: world.inside.context.pool,
    folder: world.inside.context.folder.path(''),
    log: () => undefined,
    now: world.clock.now,
  })

describe('a rotation', () => {
  test('is offered the same candidate as often as it asks, and so is the next one while that is open', async () => {
    const [one, two] = [newId('rot'), newId('rot')]
    expect(must(await prepare(one))).toEqual(must(await prepare(one)))
    expect(must(await prepare(two)).version).toBe(must(await prepare(one)).version)
    expect(await versions()).toEqual([{ version: 1, what: 'password', state: 'candidate' }])
  })

  test('gets its candidate for its intent, and the vault keeps what it replaced', async () => {
    await store(account.id, 'the old one')
    const rotation = newId('rot')
    must(await prepare(rotation))
    const intent = await intentFor(rotation)
    const candidate = await text(must(await secretOf(rotation, intent)).payload)
    expect(await text(must(await secretOf(rotation, intent, 'current')).payload)).toBe('the old one')
    must(await promote(rotation))
    must(await promote(rotation))
    expect(await text(must(await secretOf(rotation, intent, 'current')).payload)).toBe(candidate)
    expect(await text(must(await secretOf(rotation, intent, 'previous')).payload)).toBe('the old one')
  })

  type Case = [string, (rotation: string) => Promise<string>]
  test.each<Case>([
    ['without an intent in the ledger', async () => newId('ent')],
    ['for the intent of another rotation', async () => await intentFor(newId('rot'))],
    ['for an intent about another account', async (rotation) => await intentFor(rotation, { account: world.root.id })],
    ['for an entry that is no intent', async (rotation) => await intentFor(rotation, {}, { phase: 'done' })],
    [
      'once its intent has its outcome',
      async (rotation) => {
        const intent = await intentFor(rotation)
        await intentFor(rotation, {}, { phase: 'outcome', intent })
        return intent
      },
    ],
  ])('gets no secret %s', async (_what, intent) => {
    const rotation = newId('rot')
    must(await prepare(rotation))
    expect(await secretOf(rotation, await intent(rotation))).toMatchObject(refused('keeper.no_intent'))
  })

  test('gets no other account’s candidate, whatever its row says', async () => {
    const [other] = (await world.added(world.target(`host${number++}`), 'root')) as Row[] as [Row & { id: string }]
    must(await prepare(newId('rot'), 'password', other.id))
    const rotation = newId('rot')
    await world.sql(
      "insert into rotation (id, account_id, credential, trigger, state, version, reason, started_at) values ($1, $2, 'password', 'on-demand', 'prepared', 0, 'x', now())",
      [rotation, other.id],
    )
    expect(await secretOf(rotation, await intentFor(rotation))).toMatchObject(refused('keeper.no_intent'))
  })

  test('is not there for a gateway', async () => {
    const rotation = newId('rot')
    must(await prepare(rotation))
    const intent = await intentFor(rotation)
    expect(await world.gateway.ask('rotationSecret', { rotation, intent, which: 'candidate' })).toMatchObject(refused('keeper.not_allowed'))
    expect(await world.gateway.ask('managerSecret', { target: String(account.target_id), intent })).toMatchObject(
      refused('keeper.not_allowed'),
    )
  })
})

describe('a row of the vault', () => {
  const sealed = (id: string) => world.sql('select wrapped_key, ciphertext from vault.secret_version where owner_id = $1', [id])
  const opened = (id = account.id) => world.inside.context.vault.openState({ kind: 'account', id, what: 'password' }, 'current')

  test('holds nothing of its secret in the clear', async () => {
    await store(account.id, 'a secret to look for')
    const [row] = await sealed(account.id)
    for (const bytes of [row.wrapped_key, row.ciphertext]) expect(bytes.includes('a secret to look for')).toBe(false)
    expect(readFileSync(join(world.database.folder, 'keeper', 'escrow.jsonl')).includes('a secret to look for')).toBe(false)
  })

  test('does not open in the place of another', async () => {
    const [other] = (await world.added(world.target(`host${number++}`), 'root')) as Row[] as [Row & { id: string }]
    await store(account.id, 'mine')
    await store(other.id, 'theirs')
    const [theirs] = await sealed(other.id)
    await world.sql('update vault.secret_version set wrapped_key = $2, ciphertext = $3 where owner_id = $1', [
      account.id,
      theirs.wrapped_key,
      theirs.ciphertext,
    ])
    expect(await opened()).toMatchObject(refused('vault.does_not_open'))
    const alarms = async () => (await world.entries()).filter((e) => e.act === 'alarm.forged_row' && e.fields.subject === account.id)
    await expect.poll(alarms).toMatchObject([{ phase: 'alarm', fields: { kind: 'secret_version' } }])
    expect(await text(must(await opened(other.id)).secret)).toBe('theirs')
  })

  test.each([
    ['another version', 'version = version + 1'],
    ['another location', "location = 'system'"],
    ['a location that there is not', "location = 'elsewhere'"],
    ['another kind of credential', "what = 'totp'"],
    ['a public half that it did not have', "public = 'ssh-ed25519 AAAA'"],
    ['a byte of its secret changed', 'ciphertext = set_byte(ciphertext, 40, get_byte(ciphertext, 40) # 1)'],
    ['a byte of its key changed', 'wrapped_key = set_byte(wrapped_key, 40, get_byte(wrapped_key, 40) # 1)'],
    ['nothing in it', "ciphertext = ''::bytea"],
  ])('does not open with %s', async (_what, change) => {
    await store(account.id, 'mine')
    await world.sql(`update vault.secret_version set ${change} where owner_id = $1`, [account.id])
    const [{ what }] = (await world.sql('select what from vault.secret_version where owner_id = $1', [account.id])) as [{ what: string }]
    expect(await world.inside.context.vault.openState({ kind: 'account', id: account.id, what }, 'current')).toMatchObject(
      refused('vault.does_not_open'),
    )
  })

  test('gives no target a public key that somebody put beside the private one', async () => {
    const rotation = newId('rot')
    const { public: line } = must(await prepare(rotation, 'ssh-key'))
    expect(line).toMatch(/^ssh-ed25519 /)
    await world.sql("update vault.secret_version set public = 'ssh-ed25519 AAAAmallory' where owner_id = $1", [account.id])
    expect(await prepare(rotation, 'ssh-key')).toMatchObject(refused('vault.does_not_open'))
    expect(await prepare(newId('rot'), 'ssh-key')).toMatchObject(refused('vault.does_not_open'))
    expect(await secretOf(rotation, await intentFor(rotation))).toMatchObject(refused('vault.does_not_open'))
  })

  test('is not written over: what the vault holds is rotated, not stored again', async () => {
    await store(account.id, 'mine')
    const again = await world.keeper.ask(
      'storeCredential',
      { account: account.id, credential: 'password', public: null },
      Secret.fromText('other'),
    )
    expect(again).toMatchObject(refused('vault.has_credential'))
    expect(await text(must(await opened()).secret)).toBe('mine')
  })
})

describe('the escrow', () => {
  test('brings back, as a candidate to be tried, what an older database does not know', async () => {
    await store(account.id, 'the old one')
    const rotation = newId('rot')
    must(await prepare(rotation))
    const intent = await intentFor(rotation)
    const candidate = await text(must(await secretOf(rotation, intent)).payload)
    must(await promote(rotation))
    // the database of yesterday: version 1 is current, of version 2 it never heard
    await world.sql('delete from vault.secret_version where owner_id = $1 and version = 2', [account.id])
    await world.sql("update vault.secret_version set state = 'current' where owner_id = $1", [account.id])
    const { context } = await restarted()
    expect(await versions()).toMatchObject([
      { version: 1, state: 'current' },
      { version: 2, state: 'candidate' },
    ])
    expect(await text(must(await context.vault.openState({ kind: 'account', id: account.id, what: 'password' }, 'candidate')).secret)).toBe(
      candidate,
    )
    // and the next rotation is offered it, for the target may have it
    expect(must(await prepare(newId('rot'))).version).toBe(2)
  })

  test('brings back nothing twice, and loses nothing behind a line that a crash cut off', async () => {
    world.inside.context.folder.append('escrow.jsonl', `{"owner":["account","${account.id}"`)
    must(await prepare(newId('rot')))
    await world.sql('delete from vault.secret_version where owner_id = $1', [account.id])
    await restarted()
    await restarted()
    expect(await versions()).toEqual([{ version: 1, what: 'password', state: 'candidate' }])
  })

  test('has each candidate before the database has it', async () => {
    const { context } = await restarted()
    const owner = { kind: 'account', id: account.id, what: 'password' }
    const query = context.pool.query.bind(context.pool)
    // the database goes away the moment it should take the candidate
    context.pool.query = ((sql: string, values: unknown[]) =>
      sql.includes('insert into vault.secret_version') ? Promise.reject(new Error('gone')) : query(sql, values)) as never
    await expect(context.vault.put(owner, 'standard', Secret.fromText('kept'), { state: 'candidate', escrow: true })).rejects.toThrow(
      'gone',
    )
    context.pool.query = query as never
    expect(await versions()).toEqual([])
    const again = await restarted()
    expect(await text(must(await again.context.vault.openState(owner, 'candidate')).secret)).toBe('kept')
  })

  test('does not take one of two candidates that are stored at the same moment for both', async () => {
    const { context } = await restarted()
    const owner = { owner_kind: 'account', owner_id: account.id, what: 'password' }
    const sealed = { location: 'standard', state: 'candidate' as const, public: null, rotation_id: null }
    const row = (ciphertext: string) => ({
      ...owner,
      ...sealed,
      version: 7,
      wrapped_key: Buffer.from('key'),
      ciphertext: Buffer.from(ciphertext),
    })
    const under = { name: 'standard', version: 1 }
    const stored = await Promise.all(['one', 'two'].map((text) => insertVersion(context.pool, row(text), under)))
    expect(stored).toEqual(['inserted', 'there'])
    const kept = await findVersion(context.pool, { kind: 'account', id: account.id, what: 'password' }, 'candidate')
    expect(kept?.ciphertext.toString()).toBe('one')
  })

  test('brings back the candidate that the target has, where the one before it never came into the database', async () => {
    const owner = { kind: 'account', id: account.id, what: 'password' }
    const { context } = await restarted()
    const put = (secret: string) =>
      context.vault.put(owner, 'standard', Secret.fromText(secret), { state: 'candidate', escrow: true, rotation: newId('rot') })
    const query = context.pool.query.bind(context.pool)
    context.pool.query = ((sql: string, values: unknown[]) =>
      sql.includes('insert into vault.secret_version') ? Promise.reject(new Error('gone')) : query(sql, values)) as never
    await expect(put('no target ever heard of it')).rejects.toThrow('gone')
    context.pool.query = query as never
    expect(await put('what the target has')).toBe(1)
    // the database of yesterday
    await world.sql('delete from vault.secret_version where owner_id = $1', [account.id])
    const again = await restarted()
    expect(await text(must(await again.context.vault.openState(owner, 'candidate')).secret)).toBe('what the target has')
  })
})

describe('the keys', () => {
  test('of another installation open nothing, and the keeper says which to put back', async () => {
    const { folder } = world.inside.context
    const key = folder.read('dev-root.key') as Buffer
    folder.write('dev-root.key', randomBytes(32))
    await expect(restarted()).rejects.toThrow('belong to different installations')
    folder.write('dev-root.key', Buffer.alloc(5))
    await expect(restarted()).rejects.toThrow('is not a root key of ours')
    folder.write('dev-root.key', key)
    await restarted()
  })

  test('of the locations stand outside the database too: an emptied table is not a lost vault', async () => {
    await store(account.id, 'mine')
    await world.sql('delete from vault.location_key')
    const { context } = await restarted()
    expect(await text(must(await context.vault.openState({ kind: 'account', id: account.id, what: 'password' }, 'current')).secret)).toBe(
      'mine',
    )
  })

  test('of a recording are given once, and to viewers whose view is in the ledger', async () => {
    const recording = newId('rec')
    must(await world.gateway.ask('createRecording', { recording }))
    expect(await world.gateway.ask('createRecording', { recording })).toMatchObject(refused('recording.exists'))
    const viewed = auditEvent('recording.viewed', { recording: 'shown' })
    const other = auditEvent('recording.head', { recording: 'shown' })
    const [dave, alice] = [await world.present(world.dave), await world.present(world.alice)]
    const open = (presence: string, intent: string) => world.keeper.ask('openRecording', { recording, presence, intent })
    const view = await world.audit.note(viewed({ recording }), world.dave.id)
    expect(must(await open(dave.presence, view)).payload).toBeDefined()
    expect(await open(alice.presence, await world.audit.note(viewed({ recording }), world.alice.id))).toMatchObject(
      refused('recording.not_a_viewer'),
    )
    expect(await open((await world.present(world.carol)).presence, view)).toMatchObject(refused('keeper.no_intent'))
    expect(await open(dave.presence, await world.audit.note(other({ recording }), world.dave.id))).toMatchObject(
      refused('keeper.no_intent'),
    )
    expect(await open(dave.presence, await world.audit.note(viewed({ recording: newId('rec') }), world.dave.id))).toMatchObject(
      refused('keeper.no_intent'),
    )
  })

  test('give it again under the entry of a viewing for as long as somebody looks, after a restart too, and in no other way', async () => {
    const recording = newId('rec')
    must(await world.gateway.ask('createRecording', { recording }))
    const viewed = auditEvent('recording.viewed', { recording: 'shown', how: 'shown' })
    const view = await world.audit.note(viewed({ recording, how: 'replay' }), world.dave.id)
    const { presence } = await world.present(world.dave)
    const open = (how?: string) => world.keeper.ask('openRecording', { recording, presence, intent: view, ...(how && { how }) })
    expect(await open('commands')).toMatchObject(refused('keeper.no_intent'))
    for (const how of ['replay', 'replay', undefined]) expect(must(await open(how)).payload).toBeDefined()
    const { context } = await restarted()
    expect(context.notary.signedEntry(view)).toMatchObject({ act: 'recording.viewed', fields: { recording, how: 'replay' } })
    const longAgo = createActs({ db: world.db, keeper: world.keeper, now: () => new Date(world.clock.now().getTime() - 8.01 * 3_600_000) })
    const old = await longAgo.note(viewed({ recording, how: 'replay' }), world.dave.id)
    expect(await world.keeper.ask('openRecording', { recording, presence, intent: old })).toMatchObject(refused('keeper.no_intent'))
  })
})
