import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../../../../test/support/until.ts'
import type { Attempt } from '../../gateways/contract.ts'
import type { Keeper } from '../../keeper/client.ts'
import { openWorld, type World } from '../../keeper/test/world.ts'
import { newId } from '../../platform/crypto/random.ts'
import { openDb, openPool } from '../../platform/db/open-db.ts'
import { createDecide } from '../access/index.ts'
import { createActs } from '../audit/index.ts'
import { createPasswords } from '../identity/index.ts'
import { goodPassword, must } from '../identity/test/house.ts'
import { createSessionHost, type Host, type SessionHostDeps } from './session-host.ts'

let world: World
let pool: pg.Pool
let deps: SessionHostDeps
let host: Host
beforeAll(async () => {
  world = await openWorld()
  // as the gateway process has it: its own database role, its own line to the keeper
  pool = openPool(world.database.connection('gateway'), 4)
  const { clock, gateway } = world
  const db = openDb(pool)
  deps = {
    ...{ db, clock, recordings: '', keeper: gateway, audit: createActs({ db, keeper: gateway, now: clock.now }), now: clock.now },
    ...{ reachable: { ssh: ['linux-ssh'], postgres: [], mysql: [] }, rotationMs: 20_000, log: () => undefined },
    ...{ limits: { idleSeconds: 28_800, longestSeconds: 28_800 }, decide: createDecide(gateway), shortestSeconds: 20 },
    ...{ connects: () => true, console: 'http://localhost', passwords: await createPasswords() },
  }
  host = createSessionHost(deps)
})
afterAll(async () => {
  await pool?.end()
  await world?.close()
})

let network = 0
/** From an address of its own: one that saw many wrong passwords is locked. */
const at = (person: string): Attempt => ({ door: 'ssh', person, account: 'deploy', target: 'web01', from: `192.0.2.${++network}:4711` })
const refused = (code: string) => ({ ok: false, error: { code } })
const passwordOf = async (person: { id: string }) =>
  (await world.sql("select id, verifier from factor where person_id = $1 and kind = 'password'", [person.id]))[0] as Record<string, string>
const setVerifier = (id: string, verifier: string) => world.sql('update factor set verifier = $2 where id = $1', [id, verifier])

describe('a password that is typed at the door', () => {
  test('with a code lets its person in, and the ledger says by what', async () => {
    const recognised = must(await host.recognisePassword(at('alice'), goodPassword))
    expect(recognised).toMatchObject({ person: world.alice.id, admitted: false, shown: ['password'] })
    const admitted = must(await host.admit(recognised, world.alice.code()))
    expect(admitted).toMatchObject({ person: world.alice.id, admitted: true, presence: expect.any(String) })
    const said = await until('the entry', async () => (await world.entries()).find((e) => e.act === 'session.admitted'))
    expect(said).toMatchObject({ by: world.alice.id, fields: { door: 'ssh', way: 'native', factor: 'password+totp' } })
  })

  test('is no more than a first factor: the code is its own, wrong ones count, and the ledger says that the password was right', async () => {
    const recognised = must(await host.recognisePassword(at('erin'), goodPassword))
    expect(await host.admit(recognised, '000000')).toMatchObject(refused('factor.code_wrong'))
    expect(await host.admit(recognised, world.bob.code())).toMatchObject(refused('factor.code_wrong'))
    const said = await until('the entry', async () =>
      (await world.entries()).find((e) => e.act === 'session.attempt' && e.by === world.erin.id),
    )
    expect(said).toMatchObject({ phase: 'refused', fields: { code: 'factor.code_wrong' } })
    const personal = await world.sql("select value from ledger_personal where value like '%after the right password%'")
    expect(personal.length).toBeGreaterThan(0)
  })

  test('that is wrong gets the same answer as one of nobody', async () => {
    const wrong = await host.recognisePassword(at('bob'), 'not the right one')
    const nobodys = await host.recognisePassword(at('nobody-here'), 'not the right one')
    expect(wrong).toMatchObject(refused('identity.wrong_credentials'))
    expect(nobodys).toEqual(wrong)
    // and the same work: the keeper is asked for nobody as well
    const asked: string[] = []
    const keeper: Keeper = {
      ...deps.keeper,
      ask: async (operation, args, payload) => {
        asked.push(operation)
        return await deps.keeper.ask(operation, args, payload)
      },
    }
    const listening = createSessionHost({ ...deps, keeper })
    await listening.recognisePassword(at('bob'), 'not the right one')
    const known = asked.splice(0)
    await listening.recognisePassword(at('nobody-here'), 'not the right one')
    expect([known, asked]).toEqual([['comparePassword'], ['comparePassword']])
  })

  test('counts with those of the console: six for a name, known or not, whichever door they are typed at', async () => {
    for (const name of ['carol', 'no-such-person']) {
      for (let i = 0; i < 5; i++) await host.recognisePassword(at(name), 'wrong')
      const source = `198.51.100.${++network}`
      expect(await world.identity.signIn({ name, password: 'wrong', source })).toMatchObject(refused('identity.locked'))
      expect(await host.recognisePassword(at(name), goodPassword)).toMatchObject({
        ok: false,
        error: { code: 'identity.locked', final: true },
      })
    }
    world.later(30 * 60_000)
    must(await host.recognisePassword(at('carol'), goodPassword))
  })

  test('that is right takes back the wrong ones before it', async () => {
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 4; i++)
        expect(await host.recognisePassword(at('dave'), 'wrong')).toMatchObject(refused('identity.wrong_credentials'))
      must(await host.recognisePassword(at('dave'), goodPassword))
    }
  })

  test('locks an address that tries many names', async () => {
    const from = '203.0.113.5:1000'
    for (let i = 0; i < 60; i += 6)
      await Promise.all([0, 1, 2, 3, 4, 5].map((n) => host.recognisePassword({ ...at(`guess${i + n}`), from }, 'wrong')))
    expect(await host.recognisePassword({ ...at('alice'), from }, goodPassword)).toMatchObject(refused('identity.locked'))
    must(await host.recognisePassword(at('alice'), goodPassword))
  })

  test('of somebody who may not sign in is refused, and only to who knows it', async () => {
    const frank = await world.enrolled('frank')
    must(await world.identity.disablePerson({ person: frank.id, reason: 'left', by: world.carol.id, code: world.carol.code() }))
    expect(await host.recognisePassword(at('frank'), 'wrong')).toMatchObject(refused('identity.wrong_credentials'))
    expect(await host.recognisePassword(at('frank'), goodPassword)).toMatchObject(refused('factor.person_not_active'))
  })

  test('stands nowhere afterwards', async () => {
    const typed = `planted ${newId('per')}`
    await host.recognisePassword(at('bob'), typed)
    await host.recognisePassword(at('nobody-here'), typed)
    await until('the entry', async () => (await world.sql("select 1 from ledger_personal where value like '%nobody-here%'"))[0])
    const everything = JSON.stringify([await world.entries(), await world.sql('select * from ledger_personal'), world.alarms])
    expect(everything).not.toContain(typed)
  })
})

describe('whoever can write to the database', () => {
  test('comes through the door with no password of their own making, and raises an alarm', async () => {
    const before = await passwordOf(world.bob)
    await setVerifier(before.id ?? '', await (await createPasswords()).verifierOf('attacker knows this one'))
    expect(await host.recognisePassword(at('bob'), 'attacker knows this one')).toMatchObject(refused('keeper.forged_row'))
    expect((await world.entries()).some((e) => e.act === 'alarm.forged_row' && e.fields.subject === before.id)).toBe(true)
    await setVerifier(before.id ?? '', before.verifier ?? '')
    must(await host.recognisePassword(at('bob'), goodPassword))
  })

  test('makes nobody of a person whom they call otherwise', async () => {
    await world.sql("update person set name = 'bobby' where id = $1", [world.bob.id])
    expect(await host.recognisePassword(at('bobby'), goodPassword)).toMatchObject(refused('keeper.forged_row'))
    await world.sql("update person set name = 'bob' where id = $1", [world.bob.id])
  })

  test('makes the door do no work that costs what they like', async () => {
    const before = await passwordOf(world.bob)
    await setVerifier(before.id ?? '', (before.verifier ?? '').replace('m=19456', 'm=4194304'))
    expect(await host.recognisePassword(at('bob'), goodPassword)).toMatchObject({ ok: false })
    await setVerifier(before.id ?? '', before.verifier ?? '')
  })
})

describe('whoever has the gateway', () => {
  test('reads no verifier, neither from the database nor from the keeper', async () => {
    const { id = '', verifier = '' } = await passwordOf(world.alice)
    await expect(pool.query('select verifier from factor')).rejects.toThrow('permission denied')
    const { rows } = await pool.query('select * from password_opening')
    expect(JSON.stringify(rows)).toContain(verifier.slice(0, verifier.lastIndexOf('$') + 1))
    expect(JSON.stringify(rows)).not.toContain(verifier.slice(verifier.lastIndexOf('$') + 1))
    expect(await world.gateway.ask('vouch', { rows: [{ kind: 'factor', id }] })).toMatchObject(refused('keeper.not_allowed'))
  })
})

test('where no door takes passwords, none is looked at', async () => {
  const { passwords: _, ...without } = deps
  expect(await createSessionHost(without).recognisePassword(at('alice'), goodPassword)).toMatchObject(refused('door.no_passwords'))
})
