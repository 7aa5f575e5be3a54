import type { CredentialKind } from '../../kernel/credential-kinds.ts'
import type { AccountId, EntryId, GrantId, PersonId, RevealId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import './tables.ts'

export interface RevealRow {
  id: RevealId
  grant_id: GrantId
  person_id: PersonId
  account_id: AccountId
  credential: CredentialKind
  version: number
  at: Date
}

export async function insertReveal(tx: Tx, row: RevealRow, mac: Buffer): Promise<void> {
  await tx
    .insertInto('reveal')
    .values({ ...row, intent: null, state: 'preparing', revision: 1, mac })
    .execute()
}

export async function setRevealIntent(tx: Tx, id: RevealId, intent: EntryId): Promise<void> {
  await tx.updateTable('reveal').set({ intent }).where('id', '=', id).execute()
}

/** Answers false when it was settled before. */
export async function setRevealState(tx: Tx, id: RevealId, state: 'shown' | 'failed'): Promise<boolean> {
  const done = await tx.updateTable('reveal').set({ state }).where('id', '=', id).where('state', '=', 'preparing').executeTakeFirst()
  return Number(done.numUpdatedRows) > 0
}

/** Showings that nobody will answer any more: a crash came in between. */
export async function openReveals(tx: Tx, before: Date): Promise<{ id: RevealId; intent: EntryId | null; account: AccountId }[]> {
  const rows = await tx
    .selectFrom('reveal')
    .select(['id', 'intent', 'account_id'])
    .where('state', '=', 'preparing')
    .where('at', '<', before)
    .limit(200)
    .forUpdate()
    .skipLocked()
    .execute()
  return rows.map((r) => ({ id: r.id as RevealId, intent: r.intent as EntryId | null, account: r.account_id as AccountId }))
}

/** What a grant is about, for the words in an answer; the keeper decides by its own reading. */
export async function grantedAccount(
  tx: Tx,
  grant: GrantId,
): Promise<{ person: PersonId; action: string; state: string; account: AccountId; name: string; target: string } | undefined> {
  const row = await tx
    .selectFrom('access_grant as g')
    .innerJoin('account as a', 'a.id', 'g.account_id')
    .innerJoin('target as t', 't.id', 'a.target_id')
    .select(['g.person_id', 'g.action', 'g.state', 'a.id', 'a.name', 't.name as target'])
    .where('g.id', '=', grant)
    .executeTakeFirst()
  return row && { ...row, person: row.person_id as PersonId, account: row.id as AccountId }
}
