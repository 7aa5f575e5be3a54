import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../../domains/identity/test/database.ts'
import { openDb, openPool } from '../db/open-db.ts'
import { roleNames } from '../db/provision.ts'
import { type Jobs, openJobs } from './jobs.ts'
import { prepareJobs } from './prepare-jobs.ts'

let database: Awaited<ReturnType<typeof openDatabase>>
let jobs: Jobs
const log: string[] = []
beforeAll(async () => {
  database = await openDatabase()
  await prepareJobs(database.connection('owner'), roleNames.server, ['work', 'other'])
  // safe to repeat: every start does it
  await prepareJobs(database.connection('owner'), roleNames.server, ['work', 'other'])
  jobs = await openJobs(database.connection('server'), (line) => log.push(line))
})
afterAll(async () => {
  await jobs?.stop()
  await database?.close()
})

test('a job is there if its act is, is tried again until it works, and is done in turn', async () => {
  const pool = openPool(database.connection('server'), 2)
  const db = openDb(pool)
  const done: string[] = []
  let failures = 0
  await jobs.work('work', async ({ id }) => {
    if (id === 'hard' && failures++ < 1) throw new Error('not yet')
    done.push(String(id))
  })
  const refused = db.transaction().execute(async (tx) => {
    await jobs.enqueue(tx, 'work', { id: 'never' })
    throw new Error('the act was refused')
  })
  await expect(refused).rejects.toThrow('refused')
  for (const id of ['hard', 'easy']) await db.transaction().execute((tx) => jobs.enqueue(tx, 'work', { id }))
  await expect.poll(() => done.toSorted(), { interval: 100 }).toEqual(['easy', 'hard'])
  expect(failures).toBe(2)
  await pool.end()
  expect(done).not.toContain('never')
})

test('what waits when nobody works any more is neither tried nor failed, and is done when somebody works again', async () => {
  const pool = openPool(database.connection('owner'), 2)
  const db = openDb(pool)
  const done: string[] = []
  const handle = async ({ id }: Readonly<Record<string, string>>) => void done.push(String(id))
  const working = await jobs.work('other', handle)
  await working.stop(5_000)
  await db.transaction().execute((tx) => jobs.enqueue(tx, 'other', { id: 'patient' }))
  // several times as long as it takes to find a job
  await new Promise((resolve) => setTimeout(resolve, 3_000))
  const { rows } = await pool.query("select state, retry_count from jobs.job where name = 'other'")
  expect(rows).toEqual([{ state: 'created', retry_count: 0 }])
  expect(done).toEqual([])
  await jobs.work('other', handle)
  await expect.poll(() => done, { interval: 100 }).toEqual(['patient'])
  await pool.end()
})
