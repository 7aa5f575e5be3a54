import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inOrder, openCredential } from '../../../../cli/src/kits/credential.ts'
import { makeLocationKey } from '../../../../cli/src/kits/make-location-key.ts'
import { bring, openKit } from '../../../../cli/src/kits/open-kit.ts'
import { readKit } from '../../../../cli/src/kits/read-kit.ts'
import { again, holds } from '../../keeper/test/check-out.ts'
import { openWorld, type World } from '../../keeper/test/world.ts'
import type { AccountId, BreakglassKeyId } from '../../kernel/id.ts'
import { ok } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import { newAgeKey } from '../../platform/crypto/age.ts'
import { createDialer } from '../../platform/dialer/index.ts'
import type { OpenTarget } from '../../targets/contract.ts'
import { targetKinds } from '../../targets/registry.ts'
import { must, type Someone } from '../identity/test/house.ts'
import { createKinds, type Kinds } from '../inventory/index.ts'
import { orderBreakGlass, type RotateAccountDeps, rotateAccount } from '../rotation/index.ts'
import { lookAtKits } from './keep-kits.ts'
import { makeKit } from './make-kit.ts'
import { markAccount } from './mark-account.ts'
import { proposeKey } from './propose-key.ts'
import { confirmKey, type OrderRotation } from './settle-key.ts'
import { type Orders, openOrders } from './test/orders.ts'

/*
 * The break-glass location, with a real keeper, a real ledger and a real PostgreSQL as the target: what goes in is read by the custodians alone.
 */

let world: World
let anna: Someone
let kinds: Kinds
let rotation: RotateAccountDeps
let orders: Orders
let custodians: { name: string; key: string; identity: string }[]
const folder = mkdtempSync(join(tmpdir(), 'claviger-breakglass-'))

beforeAll(async () => {
  world = await openWorld()
  anna = await world.enrolled('anna', ['administrators'])
  kinds = createKinds(targetKinds, createDialer({ allow: [{ cidr: '127.0.0.0/8' }], ownListeners: [], lab: true }))
  rotation = { db: world.db, audit: world.audit, keeper: world.keeper, now: world.clock.now, kinds }
  orders = await openOrders(world, kinds, { folder, uid: 64820, environment: 'lab', tier: 1 })
  for (const name of ['postgres', 'app_admin']) must(await rotate(name))
  custodians = await Promise.all(
    ['bob', 'carol', 'dan'].map(async (name) => {
      const { identity, recipient } = await newAgeKey()
      return { name, key: recipient, identity }
    }),
  )
})
afterAll(async () => {
  await world?.close()
  await orders?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const account = (name: string) => orders.accounts[name] as AccountId
const rotate = (name: string) => rotateAccount(rotation, { account: account(name), trigger: 'on-demand', reason: 'test', by: null })
const by = (who: Someone) => ({ person: who.id, code: who.code() })
const deps = () => ({
  ...{
    audit: world.audit,
    keeper: world.keeper,
    kinds,
    now: world.clock.now,
    roads: { mail: [], webhooks: [], sms: [], phoneTree: '' },
    server: 'here',
  },
  orderRotation: (...[tx, id, person, why]: Parameters<OrderRotation>) => orderBreakGlass(tx, id, person, why, world.clock.now()),
  whenAccountStops: async () => ok(undefined),
})
const freshKey = async () => {
  const named = custodians.map(({ name, key }) => ({ name, key }))
  return await makeLocationKey(named, 2, world.inside.context.notary.verifierKey)
}
const refused = (code: string) => ({ ok: false, error: { code } })
const logsIn = async (password: Buffer, name = 'app_admin') => {
  const login = { account: name, credential: { kind: 'password' as const, secret: new Secret(Uint8Array.from(password)) } }
  return (await orders.open.verify(orders.identity, login)).ok
}
/** What custodians find in a kit that is made now, opened by these of them. */
const kitOpenedBy = async (...names: string[]) => {
  const made = must(await makeKit(deps(), null))
  const signed = readKit(made.file)
  const brought = await Promise.all(custodians.filter((c) => names.includes(c.name)).map((c) => bring(signed, [c.identity])))
  return {
    made,
    kit: await openKit(
      signed,
      brought.flatMap((b) => b ?? []),
    ),
  }
}

describe('the key of the location', () => {
  test('is brought by an administrator and counts once another person, an officer, confirmed it', async () => {
    const key = await freshKey()
    expect(await proposeKey(deps(), by(world.bob), key)).toMatchObject(refused('keeper.not_authorised'))
    const proposed = must(await proposeKey(deps(), by(anna), key))
    expect(await confirmKey(deps(), by(anna), proposed.id)).toMatchObject(refused('keeper.not_authorised'))
    expect(await confirmKey(deps(), by(world.bob), proposed.id)).toMatchObject(refused('keeper.not_authorised'))
    must(await confirmKey(deps(), by(world.carol), proposed.id))
    expect(await confirmKey(deps(), by(world.carol), proposed.id)).toMatchObject(refused('breakglass.key_settled'))
  })

  test('is not one that an officer brought themselves, though carol is an administrator, too', async () => {
    const proposed = must(await proposeKey(deps(), by(world.carol), await freshKey()))
    expect(await confirmKey(deps(), by(world.carol), proposed.id)).toMatchObject(refused('keeper.not_authorised'))
    await world.sql("delete from breakglass_key where state = 'proposed'")
  })
})

describe('an account for emergencies', () => {
  test('is not the one that manages its target, and an administrator says so', async () => {
    expect(await markAccount(deps(), by(anna), account('postgres'), true)).toMatchObject(refused('keeper.not_authorised'))
    expect(await markAccount(deps(), by(world.alice), account('app_admin'), true)).toMatchObject(refused('keeper.not_authorised'))
    const row = await again(world, 'account', account('app_admin'), { break_glass: true })
    expect(await world.write([row], { by: 'system' })).toMatchObject(refused('keeper.not_authorised'))
  })

  test('is rotated into a place that the server cannot open, and its custodians can', async () => {
    must(await markAccount(deps(), by(anna), account('app_admin'), true))
    expect(await world.sql('select state from rotation_order where account_id = $1', [account('app_admin')])).toMatchObject([
      { state: 'waiting' },
    ])
    must(await rotate('app_admin'))
    const { vault } = world.inside.context
    const owner = { kind: 'account', id: account('app_admin'), what: 'password' }
    expect(await vault.openState(owner, 'current')).toMatchObject(refused('vault.break_glass'))
    // the one before could be read, and is dead
    const before = await vault.openState(owner, 'previous')
    expect(before.ok && (await before.value.secret.use('log-in-to-target', (bytes) => logsIn(Buffer.from(bytes))))).toBe(false)
    const { kit } = await kitOpenedBy('bob', 'dan')
    const [packed] = kit.body.accounts
    expect(packed).toMatchObject({ name: 'app_admin', target: { name: 'orders', identity: orders.identity } })
    if (!packed) throw new Error('an empty kit')
    const [current] = inOrder(packed)
    if (!current) throw new Error('no credential')
    expect(await logsIn(await openCredential(kit.key, packed, current))).toBe(true)
  })

  test('is released to nobody: not by a grant for connecting or seeing, not to the api, not as a manager', async () => {
    const target = { ...(await world.vouched('target', String((await world.vouched('account', account('app_admin'))).target_id))) }
    const row = await world.vouched('account', account('app_admin'))
    await expect(holds(world, world.alice, row, world.bob, target, { action: 'connect' })).rejects.toThrow(/emergencies/)
    const intent = await world.audit.note(
      { act: 'verification.begun', fields: { account: account('app_admin'), target: String(target.id), trigger: 'person' }, personal: {} },
      null,
      { phase: 'intent' },
    )
    const asked = await world.keeper.ask('verificationSecret', { account: account('app_admin'), credential: 'password', intent })
    expect(asked).toMatchObject(refused('vault.break_glass'))
    const named = await again(world, 'target', String(target.id), { reconciler: 'app_admin' })
    expect(await world.write([named], world.stepUp(anna))).toMatchObject(refused('keeper.not_authorised'))
  })

  test('loses nothing when the keeper forgets its candidate in the middle of a rotation', async () => {
    for (const dies of ['before the target heard of it', 'after'] as const) {
      const crash: Kinds = {
        ...kinds,
        open(kind, settings) {
          const opened = kinds.open(kind, settings)
          if (!opened.ok) return opened
          const rotate: OpenTarget['rotate'] = async (...args) => {
            if (dies === 'after') await opened.value.rotate?.(...args)
            throw new Error('the process died')
          }
          return ok({ ...opened.value, rotate })
        },
      }
      const order = { account: account('app_admin'), trigger: 'on-demand' as const, reason: 'test', by: null }
      await expect(rotateAccount({ ...rotation, kinds: crash }, order)).rejects.toThrow(/died/)
      world.inside.context.candidates.wipe()
      // one of what the kit holds logs in, already now
      const { kit } = await kitOpenedBy('carol', 'dan')
      const [packed] = kit.body.accounts
      const all = packed
        ? await Promise.all(inOrder(packed).map(async (sealed) => logsIn(await openCredential(kit.key, packed, sealed))))
        : []
      expect(all.filter(Boolean)).toHaveLength(1)
      must(await rotate('app_admin'))
    }
    const { kit } = await kitOpenedBy('bob', 'carol')
    const [packed] = kit.body.accounts
    const [current] = packed ? inOrder(packed) : []
    expect(packed && current && (await logsIn(await openCredential(kit.key, packed, current)))).toBe(true)
  })

  test('is sealed to no other key: one that the database brings is forged, and nothing is rotated to it', async () => {
    const mine = await newAgeKey()
    const [key] = await world.sql("select id, recipient from breakglass_key where state = 'active'")
    await world.sql('update breakglass_key set recipient = $1 where id = $2', [mine.recipient, key.id])
    expect(await rotate('app_admin')).toMatchObject(refused('keeper.forged_row'))
    await world.sql('update breakglass_key set recipient = $1 where id = $2', [key.recipient, key.id])
    must(await rotate('app_admin'))
  })

  test('that the database calls an ordinary one stays what it is', async () => {
    await world.sql('update account set break_glass = null where id = $1', [account('app_admin')])
    expect(await rotate('app_admin')).toMatchObject(refused('keeper.forged_row'))
    await world.sql('update account set break_glass = true where id = $1', [account('app_admin')])
  })
})

describe('a kit', () => {
  test('opens for two custodians and for no one of them, nor for a stranger', async () => {
    const signed = readKit(must(await makeKit(deps(), anna.id)).file)
    const stranger = await newAgeKey()
    expect(await bring(signed, [stranger.identity])).toBeUndefined()
    const one = await bring(signed, [custodians[0]?.identity ?? ''])
    if (!one) throw new Error('bob is a custodian')
    await expect(openKit(signed, [one])).rejects.toThrow(/1 of 2 custodians/)
    await expect(openKit(signed, [one, one])).rejects.toThrow(/changed|fit/)
  })

  test('that was changed, or that somebody else made, is refused', async () => {
    const { file } = must(await makeKit(deps(), anna.id))
    const [line = '', signature = ''] = file.split('\n')
    const two = async (text: string) => {
      const signed = readKit(text)
      const brought = await Promise.all(custodians.slice(0, 2).map((c) => bring(signed, [c.identity])))
      return await openKit(
        signed,
        brought.flatMap((b) => b ?? []),
      )
    }
    await expect(two(file)).resolves.toMatchObject({ custodians: ['bob', 'carol'] })
    const head = JSON.parse(line)
    const body = Buffer.from(head.body, 'base64')
    body.writeUInt8(body.readUInt8(20) ^ 1, 20)
    for (const over of [{ body: body.toString('base64') }, { madeAt: new Date().toISOString() }, { log: 'another' }])
      await expect(two(`${JSON.stringify({ ...head, ...over })}\n${signature}\n`)).rejects.toThrow(/made by somebody else/)
    // a whole kit of somebody's own, who has the real shares of the location: signed by a key of theirs
    const { newSeed, signingKey } = await import('../../platform/crypto/ed25519.ts')
    const theirs = signingKey(newSeed())
      .sign(Buffer.from(`claviger/kit/v1\n${line}`))
      .toString('base64')
    await expect(two(`${line}\n${theirs}\n`)).rejects.toThrow(/made by somebody else/)
  })

  test('is stale when something in it was rotated, which is an alarm, and made anew where a folder was named', async () => {
    const looking = { ...deps(), db: world.db, lookMs: 1000, log: () => undefined }
    must(await makeKit(deps(), null))
    expect(await lookAtKits({ ...looking, folder: null })).toBe('good')
    must(await rotate('app_admin'))
    expect(await lookAtKits({ ...looking, folder: null })).toBe('stale')
    expect(await lookAtKits({ ...looking, folder: null })).toBe('stale')
    expect((await world.entries()).filter((e) => e.act === 'alarm.kit_stale')).toHaveLength(1)
    const kits = join(folder, 'kits')
    expect(await lookAtKits({ ...looking, folder: kits })).toBe('made')
    expect(await lookAtKits({ ...looking, folder: kits })).toBe('good')
    const lies = readFileSync(join(kits, 'claviger.kit'), 'utf8')
    expect(readKit(lies).head.custodians).toHaveLength(3)
    // one that somebody took away is laid down again; a folder that cannot be written is an alarm, not silence
    rmSync(kits, { recursive: true })
    expect(await lookAtKits({ ...looking, folder: kits })).toBe('good')
    expect(readFileSync(join(kits, 'claviger.kit'), 'utf8')).toBe(lies)
    writeFileSync(join(folder, 'no-folder'), '')
    expect(await lookAtKits({ ...looking, folder: join(folder, 'no-folder') })).toBe('stale')
    const alarms = (await world.entries()).filter((e) => e.act === 'alarm.kit_stale')
    expect(alarms).toHaveLength(2)
    expect(JSON.stringify(alarms)).toContain('could not be laid down')
  })

  test('holds an account no more once that is an ordinary one, whose next credential a grant opens', async () => {
    must(await markAccount(deps(), by(anna), account('app_admin'), false))
    must(await rotate('app_admin'))
    const opened = await world.inside.context.vault.openState({ kind: 'account', id: account('app_admin'), what: 'password' }, 'current')
    expect(opened.ok && (await opened.value.secret.use('log-in-to-target', (bytes) => logsIn(Buffer.from(bytes))))).toBe(true)
    expect(await makeKit(deps(), null)).toMatchObject(refused('breakglass.no_accounts'))
  })
})

test('a new key has every account rotated to it, and the one before counts no more', async () => {
  must(await markAccount(deps(), by(anna), account('app_admin'), true))
  must(await rotate('app_admin'))
  await world.sql("update rotation_order set state = 'done', finished_at = now()")
  const proposed = must(await proposeKey(deps(), by(anna), await freshKey()))
  must(await confirmKey(deps(), by(world.carol), proposed.id as BreakglassKeyId))
  expect(await world.sql("select account_id from rotation_order where state = 'waiting'")).toMatchObject([
    { account_id: account('app_admin') },
  ])
  must(await rotate('app_admin'))
  const { kit } = await kitOpenedBy('bob', 'carol')
  const [packed] = kit.body.accounts
  const [current] = packed ? inOrder(packed) : []
  expect(packed && current && (await logsIn(await openCredential(kit.key, packed, current)))).toBe(true)
})
