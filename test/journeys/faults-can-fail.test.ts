import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Errand } from '../faults/errand.ts'
import { Losses } from '../faults/losses/index.ts'
import { currentCredentials } from '../faults/losses/vault.ts'
import { steps } from '../faults/plan.ts'
import { openWorld, type World } from '../faults/world.ts'
import type { Superuser } from '../support/superuser.ts'

/* What counts losses is itself put to the test: each thing that it looks for is broken once, and must be found. */

let world: World
let errand: Errand
let db: Superuser

beforeAll(async () => {
  world = await openWorld()
  db = await world.claviger.superuser()
  const losses = new Losses(world)
  await losses.keep()
  errand = new Errand(world, 0)
  for (const step of steps) {
    if (step === 'end') await new Promise((resolve) => setTimeout(resolve, 2_000)) // what was seen becomes older than a second
    await errand.run(step)
  }
  await errand.finish()
  expect(await losses.look(errand.seen), 'before anything was broken').toEqual([])
})
afterAll(async () => {
  await db?.close()
  await world?.close()
})

/** What is found by somebody who looks for the first time, after `breaking` and before `mending`. */
async function found(breaking: () => Promise<void> | void, mending: () => Promise<void> | void): Promise<string[]> {
  const losses = new Losses(world, 1_000)
  await losses.keep()
  await breaking()
  try {
    return (await losses.look(errand.seen)).map(({ kind, what }) => `${kind} ${what}`)
  } finally {
    await mending()
  }
}

test('a password that was changed behind our back is a lost credential', async () => {
  const account = world.accounts.find((a) => a.name === 'app_admin')
  const vaulted = (await currentCredentials(world.claviger)).filter((c) => c.kind === 'password')
  const passwordOf = (id: string | undefined) => vaulted.find((c) => c.account === id)?.text ?? ''
  const manager = world.accounts.find((a) => a.name === 'postgres')
  const client = new pg.Client({
    ...{ host: '127.0.0.1', port: world.claviger.ports.database, database: 'postgres' },
    ...{ user: 'postgres', password: passwordOf(manager?.id) },
  })
  await client.connect()
  const set = (password: string) => client.query(`alter role app_admin password ${client.escapeLiteral(password)}`).then(() => undefined)
  const all = await found(
    () => set('changed-by-somebody'),
    () => set(passwordOf(account?.id)),
  )
  await client.end()
  expect(all).toEqual([expect.stringMatching(/^credential password of app_admin@orders-db, version \d+$/)])
})

test('a recording that was cut is a lost recording', async () => {
  const folder = join(world.claviger.data, 'recordings')
  const whole = readdirSync(folder).map((name) => ({ file: join(folder, name), bytes: readFileSync(join(folder, name)) }))
  const all = await found(
    () => whole.forEach(({ file, bytes }) => void writeFileSync(file, bytes.subarray(0, bytes.length - 40))),
    () => whole.forEach(({ file, bytes }) => void writeFileSync(file, bytes)),
  )
  expect(all.length).toBeGreaterThan(0)
  expect(all.every((one) => one.startsWith('recording rec_'))).toBe(true)
})

test('a grant that goes on is found, and a session that is said to run', async () => {
  const [last] = await db.sql<{ id: string; ended_at: Date }>('select id, ended_at from access_grant order by ended_at desc limit 1')
  const grants = await found(
    async () => void (await db.sql(`update access_grant set state = 'active', ended_at = null where id = $1`, [last?.id])),
    async () => void (await db.sql(`update access_grant set state = 'ended', ended_at = $2 where id = $1`, [last?.id, last?.ended_at])),
  )
  expect(grants).toContain(`grant ${last?.id}`)
  const [session] = await db.sql<{ id: string; state: string }>('select id, state from session limit 1')
  const sessions = await found(
    async () => void (await db.sql(`update session set state = 'running' where id = $1`, [session?.id])),
    async () => void (await db.sql(`update session set state = $2 where id = $1`, [session?.id, session?.state])),
  )
  expect(sessions).toContain('session sessions without a connection')
})

test('a rotation that did not follow the end of a grant is found', async () => {
  const all = await found(
    async () => void (await db.sql(`update rotation set started_at = started_at - interval '1 day' where trigger = 'check-in'`)),
    async () => void (await db.sql(`update rotation set started_at = started_at + interval '1 day' where trigger = 'check-in'`)),
  )
  expect(all).toContain('check-in password of deploy@web01')
})

test('a row that is gone from the ledger is found, by its place', async () => {
  const losses = new Losses(world, 1_000)
  await losses.keep()
  await db.sql(`delete from ledger_entry where place = (select place from ledger_entry order by place desc offset 20 limit 1)`)
  expect((await losses.look(errand.seen)).map(({ kind, what }) => `${kind} ${what}`)).toContain('ledger entry.missing')
})
