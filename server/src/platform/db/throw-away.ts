import pg from 'pg'
import type { DbConnection } from './open-db.ts'

export interface ThrowAway {
  /** For its owner: the same role as that of the tables. */
  connection: DbConnection
  drop(): Promise<void>
}

/** An empty database beside the one that `owner` names, made by `admin`, gone after `drop`; one that was left over is replaced. Throws when `admin` may not. */
export async function makeThrowAway(admin: DbConnection, owner: DbConnection, name: string): Promise<ThrowAway> {
  const as = async (...texts: string[]): Promise<void> => {
    const client = new pg.Client({ ...admin, connectionTimeoutMillis: 10_000, application_name: 'claviger backup' })
    client.on('error', () => undefined)
    await client.connect()
    try {
      for (const text of texts) await client.query(text)
    } finally {
      await client.end().catch(() => undefined)
    }
  }
  const id = pg.escapeIdentifier(name)
  const drop = `drop database if exists ${id} with (force)`
  await as(
    drop,
    `create database ${id} owner ${pg.escapeIdentifier(String(owner.user))} encoding 'UTF8' template template0`,
    `revoke all on database ${id} from public`,
  )
  return { connection: { ...owner, database: name }, drop: () => as(drop) }
}
