import pg from 'pg'
import { PgBoss } from 'pg-boss'
import type { DbConnection } from '../db/open-db.ts'
import { jobsOptions, jobsSchema } from './jobs.ts'

/**
 * A failed job is tried again for ever: what it stands for (a rotation) must happen. One whose worker was killed is so after ten
 * seconds without a sign of life; without that it would wait for the five minutes after which even a slow one counts as failed.
 */
const queueOptions = {
  ...{ retryLimit: 1_000_000, retryBackoff: true, retryDelay: 2, retryDelayMax: 600 },
  ...{ expireInSeconds: 300, heartbeatSeconds: 10, notify: true },
}

/** Makes the tables and queues, as their owner, and lets `role` use them. Safe to repeat. */
export async function prepareJobs(owner: DbConnection, role: string, queues: readonly string[]): Promise<void> {
  const boss = new PgBoss({ ...jobsOptions(owner), supervise: false, schedule: false })
  boss.on('error', () => undefined)
  await boss.start()
  for (const queue of queues) {
    if (await boss.getQueue(queue)) await boss.updateQueue(queue, queueOptions)
    else await boss.createQueue(queue, queueOptions)
  }
  await boss.stop({ graceful: false })
  const client = new pg.Client(owner)
  await client.connect()
  try {
    const to = client.escapeIdentifier(role)
    await client.query(`grant usage on schema ${jobsSchema} to ${to}`)
    await client.query(`grant select, insert, update, delete on all tables in schema ${jobsSchema} to ${to}`)
    await client.query(`grant execute on all functions in schema ${jobsSchema} to ${to}`)
  } finally {
    await client.end()
  }
}
