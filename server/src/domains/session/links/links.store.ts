import { sql } from 'kysely'
import type { PersonId, SignInLinkId } from '../../../kernel/id.ts'
import type { Db, Tx } from '../../../platform/db/open-db.ts'
import type { Tables } from '../../../platform/db/tables.ts'
import './tables.ts'

export type LinkRow = Omit<Tables['sign_in_link'], 'id'> & { id: SignInLinkId }
export type ConfirmationRow = Omit<Tables['sign_in_confirmation'], 'mac'>

/** How many wait, and how many were made lately. */
export interface Crowd {
  /** Under this name, from anywhere and from this address, with the same shown before: who showed nothing takes no place of who showed a key. */
  ofName: number
  ofNameHere: number
  ofAddress: number
  /** From this address, within two minutes, whatever became of them. */
  madeHere: number
}

export async function crowd(tx: Tx, { who, shown, address, asked_at: at }: LinkRow): Promise<Crowd> {
  // one after the other, so that many at once are counted
  await sql`select pg_advisory_xact_lock(hashtext('claviger/sign_in_link'))`.execute(tx)
  const waits = sql`state = 'waiting' and expires_at > ${at}`
  const named = sql`who = ${who} and shown = ${shown}`
  const { rows } = await sql<Record<keyof Crowd, number>>`
    select count(*) filter (where ${waits} and ${named})::int as "ofName",
      count(*) filter (where ${waits} and ${named} and address = ${address})::int as "ofNameHere",
      count(*) filter (where ${waits} and address = ${address})::int as "ofAddress",
      count(*) filter (where address = ${address} and asked_at > ${at}::timestamptz - interval '2 minutes')::int as "madeHere"
    from sign_in_link where who = ${who} or address = ${address}`.execute(tx)
  return rows[0] as Crowd
}

export async function insertLink(tx: Tx, row: LinkRow): Promise<void> {
  await tx.insertInto('sign_in_link').values(row).execute()
}

/** What nobody asks after any more. */
export async function deleteLinksBefore(tx: Tx, at: Date): Promise<void> {
  await tx.deleteFrom('sign_in_link').where('expires_at', '<', at).execute()
}

export async function linkState(tx: Tx, id: SignInLinkId): Promise<LinkRow['state'] | undefined> {
  return (await tx.selectFrom('sign_in_link').select('state').where('id', '=', id).executeTakeFirst())?.state
}

/** By what stands in the link. */
export async function linkNamed(db: Db, code: string): Promise<LinkRow | undefined> {
  return (await db.selectFrom('sign_in_link').selectAll().where('display_code', '=', code).executeTakeFirst()) as LinkRow | undefined
}

/** The same, held, so that it is decided on once. */
export async function lockLink(tx: Tx, id: SignInLinkId): Promise<LinkRow | undefined> {
  return (await tx.selectFrom('sign_in_link').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()) as LinkRow | undefined
}

/** What was decided stays so: only from one of these. */
export async function settleLink(
  tx: Tx,
  id: SignInLinkId,
  state: LinkRow['state'],
  from: readonly LinkRow['state'][] = ['waiting'],
): Promise<void> {
  await tx.updateTable('sign_in_link').set({ state }).where('id', '=', id).where('state', 'in', from).execute()
}

export async function insertConfirmation(tx: Tx, row: ConfirmationRow, mac: Buffer): Promise<void> {
  await tx
    .insertInto('sign_in_confirmation')
    .values({ ...row, mac })
    .execute()
}

export async function revisionOf(tx: Tx, person: PersonId): Promise<number> {
  return (await tx.selectFrom('person').select('revision').where('id', '=', person).executeTakeFirst())?.revision ?? 0
}
