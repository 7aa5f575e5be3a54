import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { destructionOf } from '../../keeper/facts/destruction.ts'
import { openDevKeeper } from '../../keeper/test/start.ts'
import { openWorld, type Row, type World } from '../../keeper/test/world.ts'
import type { AccountId } from '../../kernel/id.ts'
import { Secret } from '../../kernel/secret.ts'
import { must } from '../identity/test/house.ts'
import { changeVersionPolicy } from './change-version-policy.ts'
import { destroyVersions } from './destroy-versions.ts'
import { keepVersions } from './keep-versions.ts'

let world: World
let number = 0
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world?.close())

const refused = (code: string) => ({ ok: false, error: { code } })
const ownerOf = (id: string) => ({ kind: 'account', id, what: 'password' })
/** An account whose password was replaced so many times. */
async function replaced(times: number): Promise<AccountId> {
  const [account] = (await world.added(world.target(`host${number++}`), 'root')) as unknown as [{ id: AccountId }]
  for (let n = 0; n <= times; n++) {
    await world.sql("update vault.secret_version set state = 'previous' where owner_id = $1 and state = 'current'", [account.id])
    await world.inside.context.vault.put(ownerOf(account.id), 'standard', Secret.fromText(`secret ${n}`), {
      state: 'current',
      escrow: true,
    })
  }
  return account.id
}
const destroy = (account: AccountId, versions: number[], who = world.carol, credential: 'password' | 'ssh-key' = 'password') =>
  destroyVersions(world, { person: who.id, code: who.code() }, { account, credential, versions, reason: 'it was seen' })
const rows = (account: string) =>
  world.sql('select version, state, wrapped_key, ciphertext, fingerprint from vault.secret_version where owner_id = $1 order by version', [
    account,
  ])
const states = async (account: string) => (await rows(account)).map((r) => r.state)
const escrowed = (account: string) =>
  readFileSync(join(world.database.folder, 'keeper', 'escrow.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.includes(account))
    .map((line) => (JSON.parse(line) as { version: number }).version)
const open = async (account: string, version: number) => {
  const [row] = await world.sql('select * from vault.secret_version where owner_id = $1 and version = $2', [account, version])
  return await world.inside.context.vault.open(row as never)
}

describe('destroying versions', () => {
  test('takes their keys out of the database and the escrow, and leaves the others', async () => {
    const account = await replaced(3)
    const before = (await world.entries()).length
    expect(must(await destroy(account, [1, 2]))).toEqual({ shredded: true })
    expect(await states(account)).toEqual(['destroyed', 'destroyed', 'previous', 'current'])
    for (const row of (await rows(account)).slice(0, 2))
      expect(row).toMatchObject({ wrapped_key: null, ciphertext: null, fingerprint: null })
    expect(escrowed(account)).toEqual([3, 4])
    must(await open(account, 3))
    must(await open(account, 4))
    const entries = (await world.entries()).slice(before)
    expect(entries).toContainEqual(
      expect.objectContaining({
        act: 'vault.versions_destroyed',
        fields: { account, credential: 'password', versions: [1, 2], by: 'officer' },
      }),
    )
  })

  type Case = [string, () => Promise<unknown>, string]
  test.each<Case>([
    ['the current version', async () => await destroy(await replaced(1), [2]), 'vault.not_replaced'],
    ['one that there is not', async () => await destroy(await replaced(1), [7]), 'vault.not_replaced'],
    ['versions of another credential', async () => await destroy(await replaced(1), [1], world.carol, 'ssh-key'), 'vault.not_replaced'],
    ['for an engineer', async () => await destroy(await replaced(1), [1], world.alice), 'keeper.not_authorised'],
    ['for an approver', async () => await destroy(await replaced(1), [1], world.bob), 'keeper.not_authorised'],
    [
      'by itself where no policy says so',
      async () => await destroyVersions(world, null, { account: await replaced(1), credential: 'password', versions: [1], reason: null }),
      'keeper.not_authorised',
    ],
    [
      'while it is being replaced',
      async () => {
        const account = await replaced(1)
        await world.inside.context.vault.put(ownerOf(account), 'standard', Secret.fromText('next'), { state: 'candidate' })
        return await destroy(account, [1])
      },
      'vault.being_replaced',
    ],
    [
      'while nobody knows which one works',
      async () => {
        const account = await replaced(1)
        const row = (await world.vouched('account', account)) as Row
        must(await world.write([{ kind: 'account', revision: 3, row: { ...row, state: 'held' } }], { by: 'system' }))
        return await destroy(account, [1])
      },
      'vault.held',
    ],
    [
      'twice',
      async () => {
        const account = await replaced(2)
        must(await destroy(account, [1]))
        return await destroy(account, [1])
      },
      'vault.destroyed_already',
    ],
  ])('is refused for %s', async (_what, act, code) => {
    expect(await act()).toMatchObject(refused(code))
  })

  test('is done after a crash that came between the act and the keys', async () => {
    const account = await replaced(2)
    const kept = await rows(account)
    must(await destroy(account, [1]))
    const [first] = kept
    await world.sql(
      "update vault.secret_version set state = 'previous', wrapped_key = $2, ciphertext = $3 where owner_id = $1 and version = 1",
      [account, first?.wrapped_key, first?.ciphertext],
    )
    await keepVersions(world)
    expect(await states(account)).toEqual(['destroyed', 'previous', 'current'])
  })
})

describe('a version that was destroyed', () => {
  /** Somebody with the database puts a row back as it was in an older one. */
  const putBack = async (account: string, row: Row | undefined, state: string) => {
    await world.sql("update vault.secret_version set state = 'previous' where owner_id = $1 and state = $2", [account, state])
    await world.sql('update vault.secret_version set state = $2, wrapped_key = $3, ciphertext = $4 where owner_id = $1 and version = $5', [
      ...[account, state, row?.wrapped_key, row?.ciphertext, row?.version],
    ])
  }

  test.each(['previous', 'current', 'candidate'])(
    'does not open when an older row is put back as %s, and an alarm is raised',
    async (state) => {
      const account = await replaced(2)
      const [row] = await rows(account)
      must(await open(account, 1))
      must(await destroy(account, [1]))
      await putBack(account, row, state)
      expect(await open(account, 1)).toMatchObject(refused('vault.destroyed'))
      if (state !== 'previous')
        expect(await world.inside.context.vault.openState(ownerOf(account), state as 'current')).toMatchObject(refused('vault.destroyed'))
      const alarms = async () => (await world.entries()).filter((e) => e.act === 'alarm.forged_row' && e.fields.subject === account)
      await expect.poll(alarms).toMatchObject([{ fields: { kind: 'secret_version' } }])
    },
  )

  test.each([
    ['deleted', (id: string) => world.sql('delete from destruction where id = $1', [id])],
    ['emptied', (id: string) => world.sql(`update destruction set gone = '{}' where id = $1`, [id])],
  ])('does not open when the row that says so is %s, after a restart either', async (_what, forge) => {
    const account = await replaced(2)
    const [row] = await rows(account)
    must(await destroy(account, [1]))
    await putBack(account, row, 'previous')
    await forge(destructionOf(account))
    const { context } = await openDevKeeper({
      ...{ pool: world.inside.context.pool, folder: world.inside.context.folder.path('') },
      ...{ log: () => undefined, now: world.clock.now },
    })
    const [stored] = await world.sql('select * from vault.secret_version where owner_id = $1 and version = 1', [account])
    expect(await context.vault.open(stored as never)).toMatchObject(refused('keeper.forged_row'))
  })

  test('does not come back from an older escrow', async () => {
    const account = await replaced(2)
    const path = join(world.database.folder, 'keeper', 'escrow.jsonl')
    const older = readFileSync(path)
    must(await destroy(account, [1, 2]))
    world.inside.context.folder.write('escrow.jsonl', older)
    await world.sql('delete from vault.secret_version where owner_id = $1', [account])
    const { context } = await openDevKeeper({
      ...{ pool: world.inside.context.pool, folder: world.inside.context.folder.path('') },
      ...{ log: () => undefined, now: world.clock.now },
    })
    expect(await rows(account)).toMatchObject([{ version: 3, state: 'candidate' }])
    must(await context.vault.openState(ownerOf(account), 'candidate'))
  })

  test('stays destroyed: nobody writes less into its row', async () => {
    const account = await replaced(3)
    must(await destroy(account, [1, 2]))
    const row = { id: destructionOf(account), account_id: account, gone: { password: [[1, 1]] } }
    expect(await world.write([{ kind: 'destruction', revision: 2, row }], world.stepUp(world.carol))).toMatchObject(
      refused('keeper.not_authorised'),
    )
  })
})

describe('the policy of versions', () => {
  const policy = (keep: number, days: number, state: 'on' | 'off' = 'on', who = world.carol) =>
    changeVersionPolicy(world, { person: who.id, code: who.code() }, { keep, days, state })

  test('is said by security officers with a fresh code', async () => {
    expect(await policy(2, 1, 'on', world.bob)).toMatchObject(refused('keeper.not_authorised'))
    expect(must(await world.keeper.ask('versionPolicy', {}))).toMatchObject({ state: 'off' })
  })

  test('destroys what is more and older than it keeps, never the current one or a candidate, and nothing once it is off', async () => {
    const [account, young] = [await replaced(4), await replaced(4)]
    await world.sql("update vault.secret_version set created_at = created_at - interval '40 days' where owner_id = $1", [account])
    must(await policy(2, 30))
    await keepVersions(world)
    expect(await states(account)).toEqual(['destroyed', 'destroyed', 'previous', 'previous', 'current'])
    expect(await states(young)).toEqual(['previous', 'previous', 'previous', 'previous', 'current'])
    // more than the policy lets go is not attested, even to the server
    const more = await destroyVersions(world, null, { account, credential: 'password', versions: [3], reason: null })
    expect(more).toMatchObject(refused('keeper.not_authorised'))
    must(await policy(2, 30, 'off'))
    await world.sql("update vault.secret_version set created_at = created_at - interval '40 days' where owner_id = $1", [young])
    expect(await keepVersions(world)).toBe(0)
  })
})
