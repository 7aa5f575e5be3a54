import type { AccountId, DependentId, EntryId, TargetId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import type { CredentialKind } from '../../targets/contract.ts'
import './tables.ts'

export interface NewsRow {
  dependent_id: DependentId
  version: number
  state: 'waiting' | 'done'
  failures: number
  due_at: Date
  ordered_at: Date
  tried_at: Date | null
  intent: EntryId | null
}
const columns = ['dependent_id', 'version', 'state', 'failures', 'due_at', 'ordered_at', 'tried_at', 'intent'] as const

/** Whatever uses these credentials is to hear of these versions. In the transaction that ends the rotations: neither is lost without the other. */
export async function putAllNews(
  tx: Tx,
  all: readonly { account: AccountId; credential: CredentialKind; version: number; at: Date }[],
): Promise<void> {
  const rows = await tx
    .selectFrom('dependent')
    .select(['id', 'account_id', 'credential'])
    .where(
      'account_id',
      'in',
      all.map(({ account }) => account),
    )
    .where('state', '=', 'active')
    .orderBy('id')
    .execute()
  for (const { id, account_id, credential } of rows) {
    const news = all.find((one) => one.account === account_id && one.credential === credential)
    if (news) await putNewsFor(tx, id as DependentId, news.version, news.at)
  }
}

/** The same for one, due at once. What it failed at before counts no more: this is another credential. */
export async function putNewsFor(tx: Tx, dependent: DependentId, version: number, at: Date): Promise<void> {
  const fresh = { version, state: 'waiting', failures: 0, ordered_at: at, due_at: at, error: null }
  await tx
    .insertInto('dependent_news')
    .values({ dependent_id: dependent, told_version: null, told_at: null, changed: null, tried_at: null, intent: null, ...fresh })
    .onConflict((conflict) => conflict.column('dependent_id').doUpdateSet(fresh))
    .execute()
}

export async function lockNews(tx: Tx, dependent: DependentId): Promise<NewsRow | undefined> {
  return (await tx.selectFrom('dependent_news').select(columns).where('dependent_id', '=', dependent).forUpdate().executeTakeFirst()) as
    | NewsRow
    | undefined
}

export interface NewsChange {
  state?: 'waiting' | 'done'
  failures?: number
  due_at?: Date
  tried_at?: Date
  told_version?: number
  told_at?: Date
  changed?: boolean
  error?: string | null
  intent?: EntryId | null
}

export async function changeNews(tx: Tx, dependent: DependentId, change: NewsChange): Promise<void> {
  await tx.updateTable('dependent_news').set(change).where('dependent_id', '=', dependent).execute()
}

/** What is due, the oldest first. A clock that was ahead when it was tried makes nobody wait. */
export async function dueNews(tx: Tx, at: Date, most: number): Promise<{ id: DependentId; host: TargetId }[]> {
  const rows = await tx
    .selectFrom('dependent_news as n')
    .innerJoin('dependent as d', 'd.id', 'n.dependent_id')
    .select(['d.id', 'd.host_id as host'])
    .where('n.state', '=', 'waiting')
    .where('d.state', '=', 'active')
    .where((eb) => eb.or([eb('n.due_at', '<=', at), eb('n.ordered_at', '>', at), eb('n.tried_at', '>', at)]))
    .orderBy('n.due_at')
    .limit(most)
    .execute()
  return rows as { id: DependentId; host: TargetId }[]
}
