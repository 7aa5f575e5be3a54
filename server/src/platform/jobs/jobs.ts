import { CompiledQuery } from 'kysely'
import { PgBoss } from 'pg-boss'
import { within } from '../../kernel/within.ts'
import type { DbConnection, Tx } from '../db/open-db.ts'

/** What a job carries: ids and words only. Whoever works it off reads the rows again and believes none of them. */
export type JobData = Readonly<Record<string, string>>

/** Background work in the database. A job is enqueued in the transaction of the act that wants it; it may run more than once. */
export interface Jobs {
  enqueue(tx: Tx, queue: string, data: JobData): Promise<void>
  /** Handles jobs one after the other; a handler that throws is tried again, ever more slowly. */
  work(queue: string, handle: (data: JobData) => Promise<void>): Promise<Working>
  /** Milliseconds since the worker that looked longest ago looked for jobs; one that is at work has just looked. */
  sinceLook(): number
  stop(): Promise<void>
}

/** Work on one queue in this process. */
export interface Working {
  /** Takes no more jobs: they stay in the queue for whoever works next. Resolves when the one that runs is over, or `patienceMs` later. */
  stop(patienceMs: number): Promise<void>
}

export const jobsSchema = 'jobs'
export const jobsOptions = (connection: DbConnection) => ({ ...connection, schema: jobsSchema, application_name: 'claviger jobs', max: 3 })

/** A notification tells of the first of several new jobs only, and of none that is tried again: those are found by looking. */
const often = { batchSize: 1, pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 1 }
/** How often it looks for jobs whose worker is gone. */
const watched = { superviseIntervalSeconds: 5, monitorIntervalSeconds: 5 }

export async function openJobs(connection: DbConnection, log: (line: string) => void): Promise<Jobs> {
  const boss = new PgBoss({ ...jobsOptions(connection), ...watched, migrate: false, schedule: false, useListenNotify: true })
  boss.on('error', (error: Error) => log(`jobs: ${error.message}`))
  await boss.start()
  return {
    async enqueue(tx, queue, data) {
      const db = {
        executeSql: async (text: string, values: unknown[] = []) => ({
          rows: (await tx.executeQuery(CompiledQuery.raw(text, values))).rows as never[],
        }),
      }
      await boss.send(queue, data, { db })
    },
    async work(queue, handle) {
      const id = await boss.work<JobData>(queue, often, async ([job]) => {
        if (job) await handle(job.data)
      })
      return { stop: async (patienceMs) => await within(patienceMs, boss.offWork(queue, { id, wait: true })) }
    },
    sinceLook() {
      const idle = boss.getWipData().filter((w) => w.count === 0)
      return Math.max(0, ...idle.map((w) => Date.now() - (w.lastFetchedOn ?? w.createdOn)))
    },
    stop: () => boss.stop({ graceful: true, timeout: 8_000 }),
  }
}
