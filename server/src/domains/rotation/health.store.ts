import { sql } from 'kysely'
import type { AccountId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import type { CredentialKind } from '../../targets/contract.ts'
import './tables.ts'

/** What the target said of an account's credential; `refused` and `sent` are versions in the vault. */
export interface Health {
  refused: readonly number[]
  refusedAt: Date | undefined
  /** The candidate that the target may have. */
  sent: number | undefined
}

export async function readHealth(tx: Tx, account: AccountId, credential: CredentialKind): Promise<Health> {
  const row = await tx
    .selectFrom('credential_health')
    .select(['refused', 'refused_at', 'sent_version'])
    .where('account_id', '=', account)
    .where('credential', '=', credential)
    .executeTakeFirst()
  return { refused: row?.refused ?? [], refusedAt: row?.refused_at ?? undefined, sent: row?.sent_version ?? undefined }
}

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
  credential: CredentialKind,
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

/** From now on the target may have this candidate: written before it hears of it. */
export const markSent = (tx: Tx, account: AccountId, credential: CredentialKind, version: number): Promise<void> =>
  write(tx, account, credential, { sent_version: version })

/** The vault's current credential opened the target, and nothing else is under way. */
export const markWorks = (tx: Tx, account: AccountId, credential: CredentialKind, version: number, at: Date): Promise<void> =>
  write(tx, account, credential, { works_version: version, worked_at: at, refused: [], refused_at: null, sent_version: null })

/** The target refused this version. Answers whether that is news. */
export async function markRefused(tx: Tx, account: AccountId, credential: CredentialKind, version: number, at: Date): Promise<boolean> {
  const { refused } = await readHealth(tx, account, credential)
  if (refused.includes(version)) return false
  await write(tx, account, credential, { refused: [...refused, version], refused_at: at })
  return true
}

/** Somebody decided that it may be tried again. */
export async function forgetRefusals(tx: Tx, account: AccountId): Promise<void> {
  await tx.updateTable('credential_health').set({ refused: [], refused_at: null }).where('account_id', '=', account).execute()
}

/** A look that worked. A change that is under way goes on. */
export async function markSeenWorking(tx: Tx, account: AccountId, credential: CredentialKind, version: number, at: Date): Promise<void> {
  const { refused } = await readHealth(tx, account, credential)
  const left = refused.filter((v) => v !== version)
  await write(tx, account, credential, {
    ...{ works_version: version, worked_at: at, refused: left },
    ...(left.length === 0 && { refused_at: null }),
  })
}
