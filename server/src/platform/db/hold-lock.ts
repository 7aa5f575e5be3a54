import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { sha256 } from '../crypto/hash.ts'
import type { Db } from './open-db.ts'

const everyMs = 200

/**
 * Runs `fn` while no other server on this database runs anything under the same name. The database lets go when our connection ends, also by
 * kill -9. Refuses after `patienceMs`.
 */
export async function holdLock<T>(db: Db, name: string, patienceMs: number, fn: () => Promise<T>): Promise<Result<T, 'held'>> {
  const key = sha256(name).readBigInt64BE(0).toString()
  return await db.connection().execute(async (connection) => {
    const deadline = Date.now() + patienceMs
    for (;;) {
      const { rows } = await sql<{ held: boolean }>`select pg_try_advisory_lock(${key}::bigint) as held`.execute(connection)
      if (rows[0]?.held) break
      if (Date.now() >= deadline) return fail('held')
      await sleep(everyMs)
    }
    try {
      return ok(await fn())
    } finally {
      // a connection that broke has let go already
      await sql`select pg_advisory_unlock(${key}::bigint)`.execute(connection).catch(() => undefined)
    }
  })
}
