import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { encryptTo } from '../../../../cli/src/kits/age.ts'
import { makeLocationKey } from '../../../../cli/src/kits/make-location-key.ts'
import { ownShare } from '../../../../cli/src/kits/share-for-activation.ts'
import { session, vote } from '../../keeper/test/access.ts'
import { askedFor, byPasskey, ownPasskey } from '../../keeper/test/by-passkey.ts'
import { again } from '../../keeper/test/check-out.ts'
import { openWorld, type Row, type World } from '../../keeper/test/world.ts'
import type { AccountId, ActivationId, PersonId } from '../../kernel/id.ts'
import { fail, ok } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import { newAgeKey } from '../../platform/crypto/age.ts'
import { createDialer } from '../../platform/dialer/index.ts'
import { targetKinds } from '../../targets/registry.ts'
import { createDecide, voidOnAccount } from '../access/index.ts'
import { must, type Someone } from '../identity/test/house.ts'
import { createKinds } from '../inventory/index.ts'
import { orderBreakGlass, type RotateAccountDeps, rotateAccount, verifyAccount } from '../rotation/index.ts'
import { breakglassFigures, showActivations, showDrills } from './activation.view.ts'
import { approveActivation } from './approve-activation.ts'
import { askActivation } from './ask-activation.ts'
import { endActivation } from './end-activation.ts'
import { giveShare } from './give-share.ts'
import { endDueActivations } from './keep-activations.ts'
import { makeKit } from './make-kit.ts'
import { markAccount } from './mark-account.ts'
import { proposeKey } from './propose-key.ts'
import { reviewActivation } from './review-activation.ts'
import { confirmKey, type OrderRotation } from './settle-key.ts'
import { type Orders, openOrders } from './test/orders.ts'

/*
 * Break-glass while the server is up, with a real keeper, a real ledger and a real PostgreSQL as the target: two people and the custodians, together.
 */

let world: World
let anna: Someone
let olaf: Someone
let rotation: RotateAccountDeps
let orders: Orders
let custodians: { name: string; key: string; identity: string }[]
const folder = mkdtempSync(join(tmpdir(), 'claviger-activation-'))

const freshKey = async () => {
  custodians = await Promise.all(
    ['bob', 'carol', 'dan'].map(async (name) => {
      const { identity, recipient } = await newAgeKey()
      return { name, key: recipient, identity }
    }),
  )
  const named = custodians.map(({ name, key }) => ({ name, key }))
  const proposed = must(await proposeKey(deps(), by(anna), await makeLocationKey(named, 2, world.inside.context.notary.verifierKey)))
  must(await confirmKey(deps(), by(world.carol), proposed.id))
}

beforeAll(async () => {
  world = await openWorld()
  anna = await world.enrolled('anna', ['administrators'])
  olaf = await world.enrolled('olaf', ['security'])
  const kinds = createKinds(targetKinds, createDialer({ allow: [{ cidr: '127.0.0.0/8' }], ownListeners: [], lab: true }))
  rotation = { db: world.db, audit: world.audit, keeper: world.keeper, now: world.clock.now, kinds }
  orders = await openOrders(world, kinds, { folder, uid: 64821, environment: 'production', tier: 0 })
  for (const name of ['postgres', 'app_admin']) must(await rotate(name))
  await freshKey()
  must(await markAccount(deps(), by(anna), account('app_admin'), true))
  must(await rotate('app_admin'))
})
// one that a test left open is in the way of no other
afterEach(async () => {
  for (const { id } of await world.sql("select id from breakglass_activation where state in ('waiting', 'approved', 'active')"))
    await endActivation(deps(), { person: olaf.id, groups: ['security'], code: olaf.code() }, id, 'the test is over')
})
afterAll(async () => {
  await world?.close()
  await orders?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const account = (name: string) => orders.accounts[name] as AccountId
const rotate = (name: string) => rotateAccount(rotation, { account: account(name), trigger: 'on-demand', reason: 'test', by: null })
const by = (who: Someone) => ({ person: who.id, code: who.code() })
const access = () => ({
  ...rotation,
  decide: createDecide(world.keeper),
  shortestSeconds: 20,
  whenGrantEnds: async () => undefined,
})
const deps = () => ({
  ...{ audit: world.audit, keeper: world.keeper, db: world.db, kinds: rotation.kinds, now: world.clock.now },
  ...{ roads: { mail: [], webhooks: [], sms: [], phoneTree: '' }, server: 'here' },
  logsIn: async (id: AccountId, person: PersonId) => {
    const tried = await verifyAccount({ ...rotation, retryMs: 100 }, { account: id, by: person })
    return tried.ok ? tried.value : tried.error.code
  },
  orderRotation: (...[tx, id, person, why]: Parameters<OrderRotation>) => orderBreakGlass(tx, id, person, why, world.clock.now()),
  whenAccountStops: async (...[act, id, why]: Parameters<Parameters<typeof endActivation>[0]['whenAccountStops']>) => {
    const done = await voidOnAccount(access(), act, id, why)
    return done.ok ? done : fail({ code: done.error.code, message: done.error.code })
  },
})
const refused = (code: string) => ({ ok: false, error: { code } })
const emergency = (over: object = {}) => ({
  ...{ kind: 'emergency' as const, accounts: [account('app_admin')], reason: 'the approvers cannot be reached', seconds: 600 },
  ...over,
})
const ask = async (who = world.alice, over: object = {}) => must(await askActivation(deps(), by(who), emergency(over)))
const approved = async (who = world.alice, second: Someone = olaf, over: object = {}) =>
  must(await approveActivation(deps(), by(second), (await ask(who, over)).id))
const door = async (id: string) => must(await world.keeper.ask('activationDoor', { activation: id }))
const shareOf = async (id: string, name: string) => {
  const identity = custodians.find((c) => c.name === name)?.identity ?? ''
  const own = await ownShare(await door(id), [identity])
  if (!own) throw new Error(`${name} is no custodian`)
  return await own.seal()
}
const give = async (id: ActivationId, name: string) => giveShare(deps(), id, await shareOf(id, name))
const activated = async (...who: Parameters<typeof approved>) => {
  const { id } = await approved(...who)
  must(await give(id, 'bob'))
  expect(must(await give(id, 'dan'))).toMatchObject({ opened: true })
  return id
}
const end = async (id: ActivationId, who = olaf) =>
  must(await endActivation(deps(), { person: who.id, groups: ['security'], code: who.code() }, id, 'done'))
const stateOf = async (id: string) => (await world.sql('select state from breakglass_activation where id = $1', [id]))[0]?.state
const grantOf = async (id: string): Promise<Row> =>
  (await world.sql('select g.* from access_grant g join access_request r on r.id = g.request_id where r.activation = $1', [id]))[0]
/** What a gateway does for somebody who is there. */
const released = async (g: Row, who: Someone = world.alice) => {
  const { presence } = await world.present(who)
  const opened = session(world, g)
  const written = await world.write([{ kind: 'session', revision: 1, row: opened }], { by: 'presence', presence }, world.gateway)
  if (!written.ok) return written
  return await world.gateway.ask('release', { grant: String(g.id), session: opened.id, presence })
}
const logsIn = async (secret: Secret | undefined) => {
  if (!secret) return false
  return await secret.use('log-in-to-target', async (bytes) => {
    const login = { account: 'app_admin', credential: { kind: 'password' as const, secret: new Secret(Uint8Array.from(bytes)) } }
    return (await orders.open.verify(orders.identity, login)).ok
  })
}
const closed = async (id: ActivationId) => {
  await end(id)
  must(await rotate('app_admin'))
  await world.sql("update rotation_order set state = 'done', finished_at = now() where state = 'waiting'")
}

describe('an activation', () => {
  test('by two people and two custodians gives a grant that opens, is an alarm, and ends with rotation and a review', async () => {
    const { id } = await approved()
    expect(must(await give(id, 'bob'))).toMatchObject({ given: 1, threshold: 2, opened: false, custodian: 'bob' })
    expect(await grantOf(id)).toBeUndefined()
    expect(must(await give(id, 'dan'))).toMatchObject({ opened: true, custodian: 'dan' })
    const entries = await world.entries()
    const alarm = entries.findIndex((e) => e.act === 'alarm.breakglass_activated')
    expect(entries[alarm]).toMatchObject({
      phase: 'alarm',
      fields: { activation: id, kind: 'emergency', accounts: [account('app_admin')], custodians: ['bob', 'dan'], tells: ['security'] },
    })
    // it stands there before anything could be released
    expect(alarm).toBeLessThan(entries.findIndex((e) => e.act === 'breakglass.activation_began'))
    const g = await grantOf(id)
    expect(g).toMatchObject({ person_id: world.alice.id, state: 'active' })
    const got = must(await released(g))
    expect(await logsIn(got.payload)).toBe(true)

    await end(id)
    expect(await stateOf(id)).toBe('ended')
    expect(await grantOf(id)).toMatchObject({ state: 'void' })
    expect(await released(g)).toMatchObject({ ok: false })
    expect(
      await world.sql("select trigger from rotation_order where account_id = $1 and state = 'waiting'", [account('app_admin')]),
    ).toHaveLength(1)
    for (const who of [world.alice, olaf])
      expect(await reviewActivation(deps(), by(who), id, 'the disk was full and is not any more')).toMatchObject({ ok: false })
    expect(await reviewActivation(deps(), by(anna), id, 'the disk was full and is not any more')).toMatchObject(
      refused('keeper.not_authorised'),
    )
    expect(await reviewActivation(deps(), by(world.carol), id, 'fine')).toMatchObject(refused('breakglass.words'))
    must(await reviewActivation(deps(), by(world.carol), id, 'the disk was full and is not any more'))
    expect(await stateOf(id)).toBe('reviewed')
    must(await rotate('app_admin'))
    await world.sql("update rotation_order set state = 'done', finished_at = now() where state = 'waiting'")
  })

  test('takes two people: not one twice, not two without security, not an auditor, nobody who is shut out meanwhile', async () => {
    const own = await ask(olaf)
    expect(await approveActivation(deps(), by(olaf), own.id)).toMatchObject(refused('breakglass.same_person'))
    expect(await approveActivation(deps(), by(world.dave), own.id)).toMatchObject(refused('breakglass.who'))
    await end(own.id)
    const without = await ask(world.alice)
    expect(await approveActivation(deps(), by(anna), without.id)).toMatchObject(refused('breakglass.who'))
    await end(without.id)
    expect(await askActivation(deps(), by(world.dave), emergency())).toMatchObject(refused('keeper.not_authorised'))
    // a code of somebody else is no code
    expect(await askActivation(deps(), { person: world.alice.id, code: world.bob.code() }, emergency())).toMatchObject({ ok: false })
    const id = await activated(world.erin, olaf)
    must(await world.write([await again(world, 'person', olaf.id, { state: 'disabled' })], world.stepUp(anna)))
    expect(await released(await grantOf(id), world.erin)).toMatchObject({ ok: false })
    must(await world.write([await again(world, 'person', olaf.id, { state: 'active' })], world.stepUp(anna)))
    expect(must(await released(await grantOf(id), world.erin)).credential).toBe('password')
    await closed(id)
  })

  test('is asked for and agreed to with a passkey; a yes to twenty minutes is none to ten', async () => {
    const [alices, olafs] = [await ownPasskey(world, world.alice), await ownPasskey(world, olaf)]
    const asks =
      (over: object = {}) =>
      async (code: string) =>
        await askActivation(deps(), { person: world.alice.id, code }, emergency(over))
    const answer = alices.answer(await askedFor(asks({ seconds: 1200 })))
    expect(await asks()(answer)).toMatchObject(refused('factor.passkey_refused'))
    const one = must(await byPasskey(world, alices, asks()))
    must(await byPasskey(world, olafs, async (code) => await approveActivation(deps(), { person: olaf.id, code }, one.id)))
    await end(one.id)
  })

  test('is on accounts for emergencies alone, for four hours at most, and one at a time', async () => {
    const too = { accounts: [account('postgres')] }
    expect(await askActivation(deps(), by(world.alice), emergency(too))).toMatchObject(refused('breakglass.not_marked'))
    expect(await askActivation(deps(), by(world.alice), emergency({ seconds: 4 * 3600 + 1 }))).toMatchObject(
      refused('keeper.not_authorised'),
    )
    const one = await ask()
    expect(await askActivation(deps(), by(world.erin), emergency())).toMatchObject(refused('breakglass.activation_open'))
    await end(one.id)
  })

  test('that nobody agreed to within the hour is over, and so is one whose window is', async () => {
    const waits = await ask()
    const agreed = must(await approveActivation(deps(), by(olaf), waits.id))
    const late = await shareOf(agreed.id, 'bob')
    world.later(3600_000)
    expect(await giveShare(deps(), agreed.id, late)).toMatchObject(refused('breakglass.activation_over'))
    expect(await endDueActivations(deps())).toBe(1)
    expect(await stateOf(agreed.id)).toBe('expired')
    const id = await activated()
    const g = await grantOf(id)
    world.later(601_000)
    expect(await released(g)).toMatchObject({ ok: false })
    expect(world.inside.context.openedForActivation.has(id, [account('app_admin')])).toBe(false)
    expect(await endDueActivations(deps())).toBe(1)
    expect(await stateOf(id)).toBe('ended')
    must(await rotate('app_admin'))
    await world.sql("update rotation_order set state = 'done', finished_at = now() where state = 'waiting'")
  })

  test('is seen in a kit: what it used is worth nothing after its end', async () => {
    const id = await activated()
    const got = must(await released(await grantOf(id)))
    const known = got.payload?.copy()
    await closed(id)
    expect(await logsIn(known)).toBe(false)
    expect((await makeKit(deps(), null)).ok).toBe(true)
  })
})

describe('a share', () => {
  test('opens once, at its own activation: given again, elsewhere, twice or in the name of another it opens nothing', async () => {
    const first = await approved()
    const sealed = await shareOf(first.id, 'bob')
    must(await giveShare(deps(), first.id, sealed))
    expect(await giveShare(deps(), first.id, sealed)).toMatchObject(refused('breakglass.share_duplicate'))
    expect(await giveShare(deps(), first.id, await shareOf(first.id, 'bob'))).toMatchObject(refused('breakglass.share_duplicate'))
    await end(first.id)
    const second = await approved()
    await door(second.id)
    expect(await giveShare(deps(), second.id, sealed)).toMatchObject(refused('breakglass.share_other'))
    // to this door, by somebody who read it off the wire and says that it is for this one: it is bound to the other
    const { recipient } = JSON.parse((await door(second.id)).statement)
    const { key } = JSON.parse((await door(second.id)).statement)
    const head = { format: 'claviger-breakglass-share/1', key, number: 1, threshold: 2, ledger: world.inside.context.notary.verifierKey }
    const bound = { format: 'claviger-activation-share/1', activation: first.id, share: { ...head, share: 'AAAA' } }
    expect(await giveShare(deps(), second.id, await encryptTo(recipient, JSON.stringify(bound)))).toMatchObject(
      refused('breakglass.share_other'),
    )
    const own = await ownShare(await door(second.id), [custodians[0]?.identity ?? ''])
    expect(own?.name).toBe('bob')
    expect(await giveShare(deps(), second.id, await encryptTo(recipient, '{"format":"claviger-activation-share/1"}'))).toMatchObject(
      refused('breakglass.share_malformed'),
    )
    await end(second.id)
  })

  test('is forgotten after ten minutes, and of no use before the second person said yes', async () => {
    const waits = await ask()
    expect(await world.keeper.ask('activationDoor', { activation: waits.id })).toMatchObject(refused('breakglass.activation_state'))
    must(await approveActivation(deps(), by(olaf), waits.id))
    must(await give(waits.id, 'bob'))
    world.later(10 * 60_000)
    expect(must(await give(waits.id, 'dan'))).toMatchObject({ given: 1, opened: false })
    await end(waits.id)
    expect(world.inside.context.activationDoors.given(waits.id).numbers).toEqual([])
  })

  test('that was made up, with a right head, opens nothing, and says so in the ledger', async () => {
    const { id } = await approved()
    const { recipient, key } = JSON.parse((await door(id)).statement)
    const madeUp = { format: 'claviger-breakglass-share/1', key, number: 1, threshold: 2, ledger: world.inside.context.notary.verifierKey }
    const share = { ...madeUp, share: Buffer.alloc(75, 7).toString('base64') }
    must(
      await giveShare(
        deps(),
        id,
        await encryptTo(recipient, JSON.stringify({ format: 'claviger-activation-share/1', activation: id, share })),
      ),
    )
    expect(await give(id, 'dan')).toMatchObject(refused('breakglass.shares_wrong'))
    expect(world.inside.context.openedForActivation.has(id, [account('app_admin')])).toBe(false)
    await end(id)
  })

  test('is given to nobody but the keeper of the server that it names', async () => {
    const { id } = await approved()
    const real = await door(id)
    const mine = await newAgeKey()
    const asked = { ...JSON.parse(real.statement), recipient: mine.recipient }
    await expect(ownShare({ ...real, statement: JSON.stringify(asked) }, [custodians[0]?.identity ?? ''])).rejects.toThrow(
      /somebody stands in between/,
    )
    expect(await ownShare(real, [mine.identity])).toBeUndefined()
    await end(id)
  })

  test('of a key that was replaced is none', async () => {
    const old = custodians
    const { id } = await approved()
    const { recipient } = JSON.parse((await door(id)).statement)
    const before = await ownShare(await door(id), [old[0]?.identity ?? ''])
    await freshKey()
    must(await rotate('app_admin'))
    expect(await giveShare(deps(), id, (await before?.seal()) ?? '')).toMatchObject(refused('breakglass.share_older'))
    expect(recipient).toBe(JSON.parse((await door(id)).statement).recipient)
    expect(await ownShare(await door(id), [old[0]?.identity ?? ''])).toBeUndefined()
    await end(id)
    await world.sql("update rotation_order set state = 'done', finished_at = now() where state = 'waiting'")
  })
})

describe('a drill', () => {
  const rehearse = { kind: 'drill' as const }

  test('goes the same way on one account, where the server logs in and nobody gets a grant, and is rotated like an emergency', async () => {
    expect(await showDrills(world.db, world.clock.now(), 90)).toMatchObject({ overdue: true, lastPassedAt: null })
    const { id } = await approved(world.alice, olaf, rehearse)
    must(await give(id, 'bob'))
    must(await give(id, 'carol'))
    const [shown] = await showActivations(world.db, id)
    expect(shown).toMatchObject({ kind: 'drill', state: 'ended' })
    expect(shown?.steps?.map((s) => [s.step, s.ok])).toEqual([
      ['people', true],
      ['alarm', true],
      ['login', true],
      ['check-in', true],
    ])
    expect(await grantOf(id)).toBeUndefined()
    expect(world.inside.context.openedForActivation.has(id, [account('app_admin')])).toBe(false)
    const alarm = (await world.entries()).find((e) => e.act === 'alarm.breakglass_activated' && e.fields.activation === id)
    expect(alarm).toMatchObject({ phase: 'alarm', fields: { kind: 'drill' } })
    expect((await world.entries()).find((e) => e.act === 'breakglass.drill_done')?.fields).toMatchObject({ activation: id, passed: true })
    expect(
      await world.sql("select 1 from rotation_order where account_id = $1 and state = 'waiting'", [account('app_admin')]),
    ).toHaveLength(1)
    expect(await showDrills(world.db, world.clock.now(), 90)).toMatchObject({ overdue: false })
    expect(await breakglassFigures(world.db, new Date(world.clock.now().getTime() + 91 * 24 * 3600_000), 90)).toMatchObject({
      drillOverdue: 1,
    })
    must(await rotate('app_admin'))
    await world.sql("update rotation_order set state = 'done', finished_at = now() where state = 'waiting'")
  })

  test('in which the login fails says so, and leaves the next one due', async () => {
    await world.sql('update breakglass_activation set steps = null')
    const opened = rotation.kinds
    const shut: typeof opened = {
      ...opened,
      open(kind, settings) {
        const target = opened.open(kind, settings)
        return target.ok
          ? ok({ ...target.value, verify: async () => fail({ code: 'target.login_refused', message: '' } as never) })
          : target
      },
    }
    const { id } = await approved(world.alice, olaf, rehearse)
    must(await give(id, 'bob'))
    rotation = { ...rotation, kinds: shut }
    must(await give(id, 'carol'))
    rotation = { ...rotation, kinds: opened }
    const [shown] = await showActivations(world.db, id)
    expect(shown?.steps?.find((s) => s.step === 'login')).toMatchObject({
      ok: false,
      detail: expect.stringContaining('target.login_refused'),
    })
    expect(await showDrills(world.db, world.clock.now(), 90)).toMatchObject({ overdue: true })
    must(await rotate('app_admin'))
    await world.sql("update rotation_order set state = 'done', finished_at = now() where state = 'waiting'")
  })

  test('is on one account, and no gateway lets anybody in under it', async () => {
    const two = { ...rehearse, accounts: [account('app_admin'), account('postgres')] }
    expect(await askActivation(deps(), by(world.alice), emergency(two))).toMatchObject(refused('keeper.not_authorised'))
    const { id } = await approved(world.alice, olaf, rehearse)
    must(await world.keeper.ask('activationDoor', { activation: id }))
    for (const name of ['bob', 'carol'])
      must(await world.keeper.ask('giveActivationShare', { activation: id, sealed: await shareOf(id, name) }))
    const { openedForActivation } = world.inside.context
    expect(openedForActivation.has(id, [account('app_admin')])).toBe(true)
    const [{ version }] = await world.sql("select version from vault.secret_version where owner_id = $1 and state = 'current'", [
      account('app_admin'),
    ])
    expect(openedForActivation.forEmergency(id, account('app_admin'), 'password', version)).toBeUndefined()
    await end(id)
  })
})

describe('whoever writes to the database, or is the process of the API, activates nothing', () => {
  test('a row that was made up, or changed after its attestation, is forged', async () => {
    const { id } = await approved()
    for (const change of [
      `reason = reason || '!'`,
      `seconds = 14000`,
      `approver_id = '${world.carol.id}'`,
      `requester_id = '${world.erin.id}'`,
    ]) {
      const [{ column }] = [{ column: change.split(' ')[0] ?? '' }]
      const [was] = await world.sql(`select ${column} as value from breakglass_activation where id = $1`, [id])
      await world.sql(`update breakglass_activation set ${change} where id = $1`, [id])
      expect(await world.keeper.ask('activationDoor', { activation: id })).toMatchObject(refused('keeper.forged_row'))
      await world.sql(`update breakglass_activation set ${column} = $2 where id = $1`, [id, was.value])
    }
    // one that nobody asked for, beside it
    const [row] = await world.sql('select to_jsonb(a) as row from breakglass_activation a where id = $1', [id])
    const copy = { ...row.row, id: 'bga_aaaaaaaaaa', requester_id: world.erin.id, approver_id: world.carol.id }
    await world.sql('insert into breakglass_activation select * from jsonb_populate_record(null::breakglass_activation, $1)', [
      JSON.stringify(copy),
    ])
    expect(await world.keeper.ask('activationDoor', { activation: copy.id })).toMatchObject(refused('keeper.forged_row'))
    await world.sql('delete from breakglass_activation where id = $1', [copy.id])
    must(await give(id, 'bob'))
    must(await give(id, 'dan'))
    const g = await grantOf(id)
    await world.sql("update breakglass_activation set ends_at = ends_at + interval '2 hours' where id = $1", [id])
    expect(await released(g)).toMatchObject(refused('keeper.forged_row'))
    await world.sql("update breakglass_activation set ends_at = ends_at - interval '2 hours' where id = $1", [id])
    expect(must(await released(g)).credential).toBe('password')
    expect((await world.entries()).some((e) => e.act === 'alarm.forged_row' && e.fields.subject === id)).toBe(true)
    await closed(id)
  })

  test('the API cannot begin one that nobody opened, lengthen it, or file for an account outside of it', async () => {
    const { id } = await approved()
    const at = world.clock.now()
    const active = await again(world, 'breakglass_activation', id, {
      ...{ state: 'active', starts_at: at.toISOString(), ends_at: new Date(at.getTime() + 600_000).toISOString() },
    })
    expect(await world.write([active], { by: 'system' })).toMatchObject(refused('breakglass.not_opened'))
    // the second person's yes cannot be said for them
    await end(id)
    const waits = await ask()
    const yes = await again(world, 'breakglass_activation', waits.id, { state: 'approved', approver_id: olaf.id })
    expect(await world.write([yes], { by: 'system' })).toMatchObject(refused('keeper.not_authorised'))
    expect(await world.write([yes], world.stepUp(world.alice))).toMatchObject(refused('keeper.not_authorised'))
    // nor can its request be approved like an ordinary one
    const [waiting] = await world.sql('select id from access_request where activation = $1', [waits.id])
    const request = { id: waiting.id, ...(await world.vouched('access_request', waiting.id)) } as Parameters<typeof vote>[1]
    const voted = await world.write([{ kind: 'approval', revision: 1, row: vote(world, request, world.carol) }], world.stepUp(world.carol))
    expect(voted).toMatchObject(refused('keeper.not_authorised'))
    await end(waits.id)
    const running = await activated()
    const longer = await again(world, 'breakglass_activation', running, { ends_at: new Date(at.getTime() + 9 * 3600_000).toISOString() })
    expect(await world.write([longer], { by: 'system' })).toMatchObject(refused('breakglass.activation_state'))
    // a second request under it, for another person
    const [r] = await world.sql('select id from access_request where activation = $1', [running])
    const another = {
      ...(await world.vouched('access_request', r.id)),
      id: 'req_aaaaaaaaaa',
      requester_id: world.erin.id,
      state: 'waiting',
    }
    expect(await world.write([{ kind: 'access_request', revision: 1, row: another }], await world.present(world.erin))).toMatchObject(
      refused('keeper.not_authorised'),
    )
    // and what custodians opened for an emergency goes to gateways alone
    const intent = await world.audit.note(
      { act: 'verification.begun', fields: { account: account('app_admin'), target: 'tgt_aaaaaaaaaa', trigger: 'person' }, personal: {} },
      null,
      { phase: 'intent' },
    )
    const asked = await world.keeper.ask('verificationSecret', { account: account('app_admin'), credential: 'password', intent })
    expect(asked).toMatchObject(refused('vault.break_glass'))
    await closed(running)
  })

  test('after a new start of the keeper the grant opens nothing until custodians come again', async () => {
    const id = await activated()
    world.inside.context.openedForActivation.wipe()
    expect(await released(await grantOf(id))).toMatchObject(refused('breakglass.not_opened'))
    must(await give(id, 'carol'))
    must(await give(id, 'dan'))
    expect(must(await released(await grantOf(id))).credential).toBe('password')
    await closed(id)
  })
})
