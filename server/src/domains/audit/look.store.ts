import { sql } from 'kysely'
import type { EntryId, PersonId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import type { AuditEvent } from './event.ts'
import './tables.ts'

/** A look that has an intent and no outcome yet, and the outcome that it gets when nobody comes back. */
export interface OpenLook {
  intent: EntryId
  by: PersonId | null
  cutShort: AuditEvent
}

export async function insertLook(tx: Tx, { intent, by, cutShort: { act, fields } }: OpenLook): Promise<void> {
  await tx
    .insertInto('open_look')
    .values({ intent, by_id: by, act, fields: JSON.stringify(fields) })
    .execute()
}

/** True for whoever takes it away, once. */
export async function takeLook(tx: Tx, intent: EntryId): Promise<boolean> {
  return (await tx.deleteFrom('open_look').where('intent', '=', intent).executeTakeFirst()).numDeletedRows > 0n
}

/** Those of the node that this connection belongs to; with `silent` those of these others. */
export async function openLooks(tx: Tx, silent?: readonly string[]): Promise<OpenLook[]> {
  const own = sql<string>`coalesce(current_setting('claviger.node', true), '')`
  const rows = await tx
    .selectFrom('open_look')
    .selectAll()
    .where((of) => (silent ? of('node', 'in', silent) : of('node', '=', own)))
    .execute()
  return rows.map((r) => ({
    intent: r.intent as EntryId,
    by: r.by_id as PersonId | null,
    cutShort: { act: r.act, fields: r.fields as AuditEvent['fields'], personal: {} },
  }))
}
