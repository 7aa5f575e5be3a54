import { sql } from 'kysely'
import type { ProofKind } from '../../kernel/credential-kinds.ts'
import { gatherFor } from '../../kernel/gather.ts'
import type { AccountId, RotationId } from '../../kernel/id.ts'
import { isAboutOneRow } from '../../platform/db/constraint.ts'
import type { Db, Tx } from '../../platform/db/open-db.ts'
import './tables.ts'

/** What the target said of an account's credential; `refused` and `sent` are versions in the vault. */
export interface Health {
  refused: readonly number[]
  refusedAt: Date | undefined
  /** The candidate that the target may have. */
  sent: number | undefined
}

export async function readHealth(tx: Tx, account: AccountId, credential: ProofKind): Promise<Health> {
  const row = await tx
    .selectFrom('credential_health')
    .select(['refused', 'refused_at', 'sent_version'])
    .where('account_id', '=', account)
    .where('credential', '=', credential)
    .executeTakeFirst()
  return { refused: row?.refused ?? [], refusedAt: row?.refused_at ?? undefined, sent: row?.sent_version ?? undefined }
}

interface Of {
  account: AccountId
  credential: ProofKind
}
const keyOf = ({ account, credential }: Of): string => `${account} ${credential}`

/** The same outside of a transaction, for many at once. */
export const healthOf = gatherFor<Db, Of, Health>(async (db, asked) => {
  const rows = await db
    .selectFrom('credential_health')
    .select(['account_id', 'credential', 'refused', 'refused_at', 'sent_version'])
    .where('account_id', 'in', [...new Set(asked.map(({ account }) => account))])
    .execute()
  const found = new Map(rows.map((row) => [keyOf({ account: row.account_id as AccountId, credential: row.credential as ProofKind }), row]))
  return asked.map((of) => {
    const row = found.get(keyOf(of))
    return { refused: row?.refused ?? [], refusedAt: row?.refused_at ?? undefined, sent: row?.sent_version ?? undefined }
  })
})

/** Whether any credential of the account was refused, or may have been changed without proof. */
export async function inDoubt(tx: Tx, account: AccountId): Promise<boolean> {
  const row = await tx
    .selectFrom('credential_health')
    .select('account_id')
    .where('account_id', '=', account)
    .where(sql<boolean>`sent_version is not null or cardinality(refused) > 0`)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

async function write(
  tx: Tx,
  account: AccountId,
  credential: ProofKind,
  set: { works_version?: number; worked_at?: Date; refused?: number[]; refused_at?: Date | null; sent_version?: number | null },
): Promise<void> {
  await tx
    .insertInto('credential_health')
    .values({
      ...{ account_id: account, credential, works_version: null, worked_at: null, refused_at: null, sent_version: null },
      ...set,
    })
    .onConflict((conflict) => conflict.columns(['account_id', 'credential']).doUpdateSet(set))
    .execute()
}

/** From now on the target may have this candidate of a rotation: written before it hears of it. */
export const markSent = gatherFor<Db, Of & { rotation: RotationId; version: number }, undefined>(
  async (db, all) => {
    await sql`
      with sent as (
        select * from unnest(${all.map((s) => s.account)}::text[], ${all.map((s) => s.credential)}::text[], ${all.map((s) => s.version)}::int[],
          ${all.map((s) => s.rotation)}::text[]) as s (account_id, credential, version, rotation)),
      noted as (update rotation r set version = s.version from sent s where r.id = s.rotation)
      insert into credential_health (account_id, credential, sent_version) select account_id, credential, version from sent
      on conflict (account_id, credential) do update set sent_version = excluded.sent_version`.execute(db)
    return all.map(() => undefined)
  },
  { key: keyOf, ofOne: isAboutOneRow },
)

/** The vault's current credentials opened their target, and nothing else is under way. */
export async function markAllWork(tx: Tx, all: readonly (Of & { version: number; at: Date })[]): Promise<void> {
  await sql`
    insert into credential_health (account_id, credential, works_version, worked_at)
    select * from unnest(${all.map((w) => w.account)}::text[], ${all.map((w) => w.credential)}::text[], ${all.map((w) => w.version)}::int[],
      ${all.map((w) => w.at)}::timestamptz[])
    on conflict (account_id, credential) do update set works_version = excluded.works_version, worked_at = excluded.worked_at,
      refused = '{}', refused_at = null, sent_version = null`.execute(tx)
}

/** The target refused this version. Answers whether that is news. */
export async function markRefused(tx: Tx, account: AccountId, credential: ProofKind, version: number, at: Date): Promise<boolean> {
  const { refused } = await readHealth(tx, account, credential)
  if (refused.includes(version)) return false
  await write(tx, account, credential, { refused: [...refused, version], refused_at: at })
  return true
}

/** The target does not ask for it: whatever it has of ours proves and disproves nothing. */
export const forgetSent = (tx: Tx, account: AccountId, credential: ProofKind): Promise<void> =>
  write(tx, account, credential, { sent_version: null })

/** Somebody decided that it may be tried again. */
export async function forgetRefusals(tx: Tx, account: AccountId): Promise<void> {
  await tx.updateTable('credential_health').set({ refused: [], refused_at: null }).where('account_id', '=', account).execute()
}

/** A look that worked. A change that is under way goes on. */
export async function markSeenWorking(tx: Tx, account: AccountId, credential: ProofKind, version: number, at: Date): Promise<void> {
  const { refused } = await readHealth(tx, account, credential)
  const left = refused.filter((v) => v !== version)
  await write(tx, account, credential, {
    ...{ works_version: version, worked_at: at, refused: left },
    ...(left.length === 0 && { refused_at: null }),
  })
}
