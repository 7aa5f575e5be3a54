import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditEvent } from '../domains/audit/index.ts'
import { must } from '../domains/identity/test/house.ts'
import { Secret } from '../kernel/secret.ts'
import { newId } from '../platform/crypto/random.ts'
import type { Authority } from './contract.ts'
import { openWorld, type Row, type World } from './test/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world?.close())

const refused = (code: string) => ({ ok: false, error: { code } })
let number = 0
const policy = (over: Row = {}) => ({
  ...{ id: newId('pwp'), name: `p${number++}`, tier: null, kind: null, target_id: null, length: 40, classes: ['lower', 'upper', 'digit'] },
  ...{ excluded: '', exception: null, max_age_days: null, state: 'active' },
  ...over,
})
const write = (row: Row, authority: Authority, revision = 1) => world.write([{ kind: 'password_policy', revision, row }], authority)
/** A target of its own with one account, so that no test meets another one's policy. */
const host = async () => {
  const target = world.target(`host${number++}`)
  const [account] = (await world.added(target, 'root')) as unknown as [Row & { id: string }]
  return { target, account }
}
const added = async (over: Row) => {
  const row = policy(over)
  must(await write(row, world.stepUp(world.carol)))
  return row
}
const begun = auditEvent('rotation.begun', { rotation: 'shown', account: 'shown', target: 'shown' })
const prepare = (account: string, rotation = newId('rot'), limits?: { maxLength: number }) =>
  world.keeper.ask('prepareRotation', { rotation, account, credential: 'password', ...(limits && { limits }) })
/** The password that a rotation gets. */
const made = async (account: string, limits?: { maxLength: number }): Promise<string> => {
  const rotation = newId('rot')
  must(await prepare(account, rotation, limits))
  const intent = await world.audit.note(begun({ rotation, account, target: 'x' }), null, { phase: 'intent' })
  const { payload } = must(await world.keeper.ask('rotationSecret', { rotation, intent, which: 'candidate' }))
  const text = (await payload?.use('set-on-target', (bytes) => Buffer.from(bytes).toString())) ?? ''
  must(await world.keeper.ask('abandon', { rotation }))
  return text
}

describe('the keeper attests password policies', () => {
  type Case = [string, () => Promise<[Row, Authority]>]
  test.each<Case>([
    ['to an engineer with a fresh code', async () => [policy(), world.stepUp(world.alice)]],
    ['to an administrator who is only present', async () => [policy(), await world.present(world.carol)]],
    ['to the server by itself', async () => [policy(), { by: 'system' }]],
    ['below the floor in length', async () => [policy({ length: 19 }), world.stepUp(world.carol)]],
    ['below the floor in sorts', async () => [policy({ classes: ['lower', 'upper'] }), world.stepUp(world.carol)]],
    [
      'below the floor in bits',
      async () => [policy({ length: 20, excluded: 'abcdefghijkmnpqrstuvwxyABCDEFGHJKLMNPQRSTUVWXY' }), world.stepUp(world.carol)],
    ],
    ['longer than any password', async () => [policy({ length: 129 }), world.stepUp(world.carol)]],
    ['with a sort that there is not', async () => [policy({ classes: ['lower', 'upper', 'emoji'] }), world.stepUp(world.carol)]],
    ['as an exception for everything', async () => [policy({ length: 16, exception: 'x', max_age_days: 7 }), world.stepUp(world.carol)]],
    [
      'as an exception that is not replaced more often',
      async () => [policy({ length: 16, exception: 'x', target_id: world.web01.id, max_age_days: 31 }), world.stepUp(world.carol)],
    ],
    [
      'as an exception of seven characters',
      async () => [policy({ length: 7, exception: 'x', target_id: world.web01.id, max_age_days: 7 }), world.stepUp(world.carol)],
    ],
  ])('never %s', async (_what, make) => {
    const [row, authority] = await make()
    expect(await write(row, authority)).toMatchObject(refused('keeper.not_authorised'))
    expect(await world.sql('select id from password_policy where id = $1', [row.id])).toEqual([])
  })

  test('as a policy for one thing for ever, and retired for ever', async () => {
    const { target } = await host()
    const row = await added({ target_id: target.id })
    const change = (over: Row, revision: number) => write({ ...row, ...over }, world.stepUp(world.carol), revision)
    expect(await change({ target_id: null }, 2)).toMatchObject(refused('keeper.not_authorised'))
    expect(await change({ exception: 'weaker', length: 16, max_age_days: 7 }, 2)).toMatchObject(refused('keeper.not_authorised'))
    must(await change({ length: 30 }, 2))
    must(await change({ length: 30, state: 'retired' }, 3))
    expect(await change({ length: 30, state: 'active' }, 4)).toMatchObject(refused('keeper.not_authorised'))
  })
})

describe('a password that the keeper makes', () => {
  test('is what the policies for its account ask, and what its target can take', async () => {
    const { target, account } = await host()
    expect(await made(account.id)).toMatch(/^(?=.*[-_.+=~])[\x21-\x7e]{28}$/)
    await added({ target_id: target.id, length: 44, excluded: '-_.+=~' })
    expect(await made(account.id)).toMatch(/^[A-Za-z2-9]{44}$/)
    expect(await made(account.id, { maxLength: 30 })).toHaveLength(30)
    expect(must(await world.keeper.ask('passwordRule', { account: account.id }))).toMatchObject({
      length: 44,
      classes: ['lower', 'upper', 'digit'],
    })
  })

  test('is not made below the floor, whatever the server says that the target can take', async () => {
    const { target, account } = await host()
    expect(await prepare(account.id, newId('rot'), { maxLength: 16 })).toMatchObject(refused('password.below_floor'))
    await added({ target_id: target.id, length: 16, exception: 'it cuts at 16', max_age_days: 7 })
    expect(await made(account.id, { maxLength: 16 })).toHaveLength(16)
    expect(await prepare(account.id, newId('rot'), { maxLength: 5 })).toMatchObject(refused('password.below_floor'))
  })

  test('is made by no policy that somebody wrote into the database', async () => {
    const { target, account } = await host()
    await world.store(
      'password_policy',
      policy({ target_id: target.id, length: 16, exception: 'mine', max_age_days: 7 }),
      1,
      Buffer.alloc(32),
    )
    expect(await made(account.id)).toHaveLength(28)
    expect(await prepare(account.id, newId('rot'), { maxLength: 16 })).toMatchObject(refused('password.below_floor'))
  })

  test('is made by policies as they were attested, and not at all where one of them was never seen whole', async () => {
    const other = await openWorld()
    try {
      const row = policy({ tier: 1 })
      must(await other.write([{ kind: 'password_policy', revision: 1, row }], other.stepUp(other.carol)))
      await other.sql('update password_policy set length = 20')
      const ask = () =>
        other.keeper.ask('prepareRotation', { rotation: newId('rot'), account: other.root.id, credential: 'password' as const })
      expect(await ask()).toMatchObject(refused('keeper.forged_row'))
      await other.sql('delete from password_policy')
      expect(await ask()).toMatchObject(refused('keeper.forged_row'))
      expect(must(await other.keeper.ask('passwordPolicies', {})).policies).toMatchObject([{ id: row.id, forged: expect.any(String) }])
    } finally {
      await other.close()
    }
  })

  test('is none that any account has or had, nor like one that its own account had', async () => {
    const [one, other] = [await host(), await host()]
    const owner = (id: string) => ({ kind: 'account', id, what: 'password' })
    const { vault } = world.inside.context
    await vault.put(owner(one.account.id), 'standard', Secret.fromText('Tr7-first-of-all'), { state: 'current', escrow: true })
    const tried: string[] = []
    const from =
      (...texts: string[]) =>
      () => {
        const text = texts[tried.length] as string
        tried.push(text)
        return { secret: Secret.fromText(text), bits: 100 }
      }
    const version = await vault.putFresh(
      owner(one.account.id),
      'standard',
      from('Tr7-first-of-all', 'tr7-FIRST-of-all9', 'Another=one'),
      {},
    )
    expect([version, tried.length]).toEqual([2, 3])
    tried.length = 0
    await vault.putFresh(owner(other.account.id), 'standard', from('Tr7-first-of-all', 'tr7-FIRST-of-all9'), {})
    expect(tried.length).toBe(2)
    const opened = must(await vault.openState(owner(other.account.id), 'candidate'))
    expect(await opened.secret.use('set-on-target', (b) => Buffer.from(b).toString())).toBe('tr7-FIRST-of-all9')
  })
})
