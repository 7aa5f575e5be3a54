import type { AnswerOf, controls as api } from '@claviger/api'
import { sql } from 'kysely'
import type { Db } from '../../platform/db/open-db.ts'
import { listNodes, type NodePart } from '../../platform/nodes/index.ts'
import { silentAfterMs } from '../../platform/watch/beat.ts'
import '../audit/index.ts'

type Shown = AnswerOf<typeof api.nodes>['nodes'][number]

/** A server that was not heard of for so long was taken out of service. */
const forgottenAfterSeconds = 30 * 24 * 3600

/**
 * The servers on this database, by name: what each part of them said last, who sequences, and how far each keeper is. For looking at only:
 * whoever can write to the database can write here what they like.
 */
export async function showNodes(db: Db, own: string): Promise<{ ledger: number; nodes: Shown[] }> {
  const parts = (await listNodes(db)).filter((p) => p.silent < forgottenAfterSeconds)
  const signed = await db
    .selectFrom('ledger_checkpoint')
    .select(({ fn }) => [fn.max('size').as('size')])
    .where('epoch', '=', ({ selectFrom, fn }) => selectFrom('ledger_checkpoint').select(fn.max('epoch').as('epoch')))
    .executeTakeFirst()
  const leading = await db
    .selectFrom('ledger_sequencer')
    .select(['node', sql<boolean>`beat_at > clock_timestamp() - interval '10 seconds'`.as('fresh')])
    .executeTakeFirst()
  const ledger = Number(signed?.size ?? 0)
  const nodes = [...Map.groupBy(parts, (p) => p.node)].map(([node, of]) => nodeFrom(node, of, ledger))
  return {
    ledger,
    nodes: nodes
      .map((n) => ({ ...n, own: n.node === own, sequences: leading?.fresh === true && leading.node === n.node }))
      .sort((a, b) => a.name.localeCompare(b.name) || a.node.localeCompare(b.node)),
  }
}

function nodeFrom(node: string, parts: readonly NodePart[], ledger: number) {
  const [latest] = parts
  const api = parts.find((p) => p.part === 'api')
  const size = api?.keeperSize ?? null
  return {
    node,
    name: latest?.name ?? '',
    version: latest?.version ?? '',
    parts: parts
      .map((p) => ({
        part: p.part,
        startedAt: p.startedAt.toISOString(),
        seenAt: p.seenAt.toISOString(),
        secondsAgo: Math.round(p.silent),
        silent: p.silent * 1000 > silentAfterMs,
      }))
      .sort((a, b) => a.part.localeCompare(b.part)),
    keeper: size === null ? null : { epoch: api?.keeperEpoch ?? 0, size, behind: Math.max(0, ledger - size) },
  }
}
