import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Errand, type Seen } from '../faults/errand.ts'
import { Losses } from '../faults/losses/index.ts'
import { currentCredentials } from '../faults/losses/vault.ts'
import { steps } from '../faults/plan.ts'
import { openWorld, type World } from '../faults/world.ts'
import type { Superuser } from '../support/superuser.ts'

/* What counts losses is itself put to the test: each thing that it looks for is broken once, and must be found. */

let world: World
let seen: Seen[]
let db: Superuser

beforeAll(async () => {
  world = await openWorld()
  db = await world.claviger.superuser()
  const losses = new Losses(world)
  await losses.keep()
  // one in a shell, one in psql
  const errands = [new Errand(world, 0), new Errand(world, 1)]
  for (const errand of errands) {
    for (const step of steps) {
      if (step === 'end') await sleep(2_000) // what was seen becomes older than a second
      await errand.run(step)
    }
    await errand.finish()
  }
  seen = errands.flatMap((errand) => errand.seen)
  expect(seen).toHaveLength(2)
  expect(await losses.look(seen), 'before anything was broken').toEqual([])
})
afterAll(async () => {
  await db?.close()
  await world?.close()
})

/** What a session leaves on its target for a moment is no loss: a busy machine takes some seconds to clear it away. */
const patienceMs = 5_000

/** What is found by somebody who looks for the first time, after `breaking` and before `mending`. */
async function found(breaking: () => Promise<void> | void, mending: () => Promise<void> | void): Promise<string[]> {
  const losses = new Losses(world, patienceMs)
  await losses.keep()
  await breaking()
  try {
    return (await losses.look(seen)).map(({ kind, what }) => `${kind} ${what}`)
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
  for (const { session } of seen) expect(all).toContainEqual(expect.stringContaining(` of ${session} `))
})

test('a recording that does not show what somebody saw is a lost recording, of a shell and of statements', async () => {
  const losses = new Losses(world, patienceMs)
  await losses.keep()
  const all = await losses.look(seen.map((one) => ({ ...one, marker: `${one.marker}-and-more` })))
  expect(new Set(all.map(({ kind, why }) => `${kind} ${why}`))).toEqual(
    new Set(seen.map(({ marker }) => `recording it does not show ${marker}-and-more, seen more than a second before the end`)),
  )
})

test('a file that a kill left behind is found, a recording of no session, a process without a master, and handles that stay open', async () => {
  const { data, base, work } = world.claviger
  const files = [join(data, 'keeper', 'checkpoint.tmp'), join(data, 'recordings', 'rec_aaaaaaaaaa.clvr')]
  let stray: ChildProcess | undefined
  const idle: Socket[] = []
  const all = await found(
    async () => {
      for (const file of files) writeFileSync(file, '')
      stray = spawn('sleep', ['600'], { cwd: join(data, 'lab'), detached: true, stdio: 'ignore' })
      const { hostname, port } = new URL(base)
      for (let count = 0; count < 120; count++) idle.push(connect(Number(port), hostname).on('error', () => undefined))
      await once(idle.at(-1) as Socket, 'connect')
    },
    () => {
      for (const file of files) rmSync(file)
      stray?.kill()
      for (const socket of idle) socket.destroy()
    },
  )
  expect(work.startsWith(data), 'what people do elsewhere is no concern of the server').toBe(false)
  expect(all).toEqual([
    'leftover keeper/checkpoint.tmp',
    'leftover recordings/rec_aaaaaaaaaa.clvr',
    `leftover process ${stray?.pid}`,
    'leftover handles of the api',
  ])
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
    async () => void (await db.sql(`update rotation set state = 'failed' where trigger = 'check-in' and state = 'done'`)),
    async () => void (await db.sql(`update rotation set state = 'done' where trigger = 'check-in' and state = 'failed'`)),
  )
  expect(all).toContain('check-in password of deploy@web01')
})

test('a row that is gone from the ledger is found, by its place', async () => {
  const losses = new Losses(world, patienceMs)
  await losses.keep()
  await db.sql(`delete from ledger_entry where place = (select place from ledger_entry order by place desc offset 20 limit 1)`)
  expect((await losses.look(seen)).map(({ kind, what }) => `${kind} ${what}`)).toContain('ledger entry.missing')
})
