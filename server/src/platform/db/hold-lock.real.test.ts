import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../../domains/identity/test/database.ts'
import { holdLock } from './hold-lock.ts'
import { type Db, openDb, openPool } from './open-db.ts'

/* Two servers, each with a pool of its own, on one database. */

let database: Awaited<ReturnType<typeof openDatabase>>
let pools: ReturnType<typeof openPool>[]
let a: Db
let b: Db
beforeAll(async () => {
  database = await openDatabase()
  pools = [openPool(database.connection('server'), 3), openPool(database.connection('server'), 3)]
  ;[a, b] = pools.map((pool) => openDb(pool)) as [Db, Db]
})
afterAll(async () => {
  for (const pool of pools ?? []) await pool.end()
  await database?.close()
})

/** Something that holds the lock until it is told to stop. */
function holding(db: Db, name: string) {
  const { promise, resolve } = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const held = holdLock(db, name, 5_000, async () => {
    begun.resolve()
    await promise
    return 'held'
  })
  return { begun: begun.promise, end: resolve, held }
}

test('what is held at one is not run at the other, which refuses after its patience and gets it when it is free', async () => {
  const first = holding(a, 'one thing')
  await first.begun
  let ran = false
  expect(
    await holdLock(b, 'one thing', 300, async () => {
      ran = true
    }),
  ).toEqual({ ok: false, error: 'held' })
  expect(ran).toBe(false)
  expect(await holdLock(b, 'another thing', 0, async () => 'free')).toEqual({ ok: true, value: 'free' })
  const waiting = holdLock(b, 'one thing', 10_000, async () => 'after')
  first.end()
  expect(await first.held).toEqual({ ok: true, value: 'held' })
  expect(await waiting).toEqual({ ok: true, value: 'after' })
})

test('many at both at once run one after the other, and none is lost', async () => {
  let inside = 0
  let most = 0
  const done = await Promise.all(
    [a, b, a, b].map((db) =>
      holdLock(db, 'in turn', 20_000, async () => {
        most = Math.max(most, ++inside)
        await sleep(30)
        inside--
      }),
    ),
  )
  expect(done.every((d) => d.ok)).toBe(true)
  expect(most).toBe(1)
})

test('what throws lets go, and says why', async () => {
  await expect(holdLock(a, 'throws', 0, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await holdLock(b, 'throws', 0, async () => 1)).toEqual({ ok: true, value: 1 })
})

test('a process that is killed while it holds it lets go at once', async () => {
  const program = `
    import { holdLock } from '${import.meta.dirname}/hold-lock.ts'
    import { openDb, openPool } from '${import.meta.dirname}/open-db.ts'
    const db = openDb(openPool(JSON.parse(process.env.CONNECTION), 1))
    await holdLock(db, 'of a process', 5000, async () => { console.log('held'); await new Promise((r) => setTimeout(r, 60000)) })`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program], {
    env: { ...process.env, CONNECTION: JSON.stringify(database.connection('server')) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    await once(child.stdout, 'data')
    expect(await holdLock(b, 'of a process', 0, async () => 1)).toEqual({ ok: false, error: 'held' })
    child.kill('SIGKILL')
    expect(await holdLock(b, 'of a process', 10_000, async () => 1)).toEqual({ ok: true, value: 1 })
  } finally {
    child.kill('SIGKILL')
  }
})
