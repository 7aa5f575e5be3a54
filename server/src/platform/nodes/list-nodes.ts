import { sql } from 'kysely'
import type { Db } from '../db/open-db.ts'
import './tables.ts'

export interface NodePart {
  node: string
  part: 'api' | 'gateway'
  name: string
  version: string
  startedAt: Date
  seenAt: Date
  /** How far this server's keeper has followed the ledger; null where nothing is known of it. */
  keeperEpoch: number | null
  keeperSize: number | null
  /** Seconds since it was heard of, by the database's clock. */
  silent: number
}

/** Every part of every server that was ever on this database, the latest heard first. */
export async function listNodes(db: Db): Promise<NodePart[]> {
  return await db
    .selectFrom('node_part')
    .select([
      'node',
      'part',
      'name',
      'version',
      'started_at as startedAt',
      'seen_at as seenAt',
      'keeper_epoch as keeperEpoch',
      sql<number | null>`keeper_size::float8`.as('keeperSize'),
      sql<number>`greatest(0, extract(epoch from clock_timestamp() - seen_at))::float8`.as('silent'),
    ])
    .orderBy('seen_at', 'desc')
    .limit(200)
    .execute()
}
