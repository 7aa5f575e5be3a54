import { sql } from 'kysely'
import type { Db } from '../db/open-db.ts'
import './tables.ts'

/** This server among those on the same database. */
export interface NodeIdentity {
  id: string
  name: string
  version: string
}

/** How far this server's keeper has followed the ledger. */
export interface KeeperPosition {
  epoch: number
  size: number
}

const everyMs = 5_000

export interface Beat {
  stop(): Promise<void>
}

/**
 * Says every five seconds, by the database's clock, that this part of this node is there. Silence is for others to notice: nothing is decided by it
 * but who settles what a dead node left.
 */
export async function startBeat(
  db: Db,
  node: NodeIdentity,
  part: 'api' | 'gateway',
  keeper: () => Promise<KeeperPosition | undefined> = async () => undefined,
): Promise<Beat> {
  const { id, name, version } = node
  const now = sql<Date>`clock_timestamp()`
  const far = async () => {
    const position = await keeper().catch(() => undefined)
    return { keeper_epoch: position?.epoch ?? null, keeper_size: position?.size ?? null }
  }
  const begun = { name, version, started_at: now, seen_at: now, ...(await far()) }
  await db
    .insertInto('node_part')
    .values({ node: id, part, ...begun })
    .onConflict((c) => c.columns(['node', 'part']).doUpdateSet(begun))
    .execute()
  const say = async () =>
    await db
      .updateTable('node_part')
      .set({ seen_at: now, ...(await far()) })
      .where('node', '=', id)
      .where('part', '=', part)
      .execute()
  let running: Promise<unknown> | undefined
  const timer = setInterval(() => {
    // one that hangs is not followed by a second; what is missed while the database is away is its own news
    running ??= say()
      .catch(() => undefined)
      .finally(() => {
        running = undefined
      })
  }, everyMs)
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
