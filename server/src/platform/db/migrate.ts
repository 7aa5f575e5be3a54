import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { sha256 } from '../crypto/hash.ts'
import type { DbConnection } from './open-db.ts'

// one fixed number for the advisory lock, so that two servers that start together migrate once
const migrationLock = 7_202_611_21

/** Why this release leaves a database alone that has migrations of which it does not know; undefined when there are none. */
export function preparedByNewer(ran: Iterable<string>, known: readonly string[]): string | undefined {
  const ahead = [...ran].filter((name) => !known.includes(name))
  return ahead.length === 0
    ? undefined
    : `The database was prepared by a newer Claviger (it has ${ahead.join(', ')}). Start that release: an older one could damage what it keeps.`
}

/**
 * Runs the migrations that have not run yet, each in its transaction, under a lock. Answers the names of those that it ran; throws before it changes
 * anything when a newer release was here. With `only`, no others: as far as a backup was.
 */
export async function migrate(owner: DbConnection, folder: string, only?: ReadonlySet<string>): Promise<readonly string[]> {
  const client = new pg.Client(owner)
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock])
    await client.query(
      'create table if not exists migration (name text primary key, sha256 text not null, ran_at timestamptz not null default now())',
    )
    const known = new Map(
      (await client.query<{ name: string; sha256: string }>('select name, sha256 from migration')).rows.map((r) => [r.name, r.sha256]),
    )
    const newer = preparedByNewer(known.keys(), readdirSync(folder))
    if (newer !== undefined) throw new Error(newer)
    const ran: string[] = []
    for (const name of readdirSync(folder)
      .filter((f) => /^\d{4}-.+\.sql$/.test(f) && only?.has(f) !== false)
      .sort()) {
      const text = readFileSync(join(folder, name), 'utf8')
      const digest = sha256(text).toString('hex')
      const before = known.get(name)
      if (before === digest) continue
      if (before !== undefined)
        throw new Error(`Migration ${name} was changed after it ran on this database. Restore the file, or start with a new data folder.`)
      await client.query('begin')
      await client.query(text)
      await client.query('insert into migration (name, sha256) values ($1, $2)', [name, digest])
      await client.query('commit')
      ran.push(name)
    }
    return ran
  } finally {
    await client.end()
  }
}
