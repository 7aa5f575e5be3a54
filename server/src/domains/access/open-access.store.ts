import { sql } from 'kysely'
import type { AccountId, ActivationId, PersonId, RequestId, TargetId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import { type GrantRow, grantColumns, type RequestRow, requestColumns } from './access.store.ts'

/** Grants whose time has come, held; another server's are passed over. */
export async function lockDueGrants(tx: Tx, at: Date, limit: number): Promise<GrantRow[]> {
  return (await tx
    .selectFrom('access_grant')
    .select(grantColumns)
    .where('state', '=', 'active')
    .where('ends_at', '<=', at)
    .orderBy('ends_at')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()) as GrantRow[]
}

/** Grants that were given before the ledger began a new epoch. */
export async function lockGrantsBefore(tx: Tx, epoch: number, limit: number): Promise<GrantRow[]> {
  return (await tx
    .selectFrom('access_grant')
    .select(grantColumns)
    .where('state', '=', 'active')
    .where('epoch', '<', epoch)
    .orderBy('ends_at')
    .limit(limit)
    .forUpdate()
    .execute()) as GrantRow[]
}

/** Open ones that were filed before. */
export async function lockRequestsBefore(tx: Tx, since: Date, limit: number): Promise<RequestRow[]> {
  return (await tx
    .selectFrom('access_request')
    .select(requestColumns)
    .where('state', 'in', ['waiting', 'queued'])
    .where('created_at', '<', since)
    .orderBy('created_at')
    .limit(limit)
    .forUpdate()
    .execute()) as RequestRow[]
}

export async function lockExpiredRequests(tx: Tx, at: Date, limit: number): Promise<RequestRow[]> {
  return (await tx
    .selectFrom('access_request')
    .select(requestColumns)
    .where('state', 'in', ['waiting', 'queued'])
    .where('expires_at', '<=', at)
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()) as RequestRow[]
}

/** When something ends next. */
export async function nextEnd(tx: Tx): Promise<Date | undefined> {
  const row = await tx
    .selectNoFrom(
      sql<Date | null>`least((select min(ends_at) from access_grant where state = 'active'), (select min(expires_at) from access_request where state in ('waiting', 'queued')))`.as(
        'at',
      ),
    )
    .executeTakeFirstOrThrow()
  return row.at ?? undefined
}

/** Requests that wait though policy asks for nobody's approval, in the order in which they were filed. */
export async function waitingForNobody(tx: Tx, at: Date, limit: number): Promise<RequestId[]> {
  const rows = await tx
    .selectFrom('access_request')
    .select('id')
    .where('state', '=', 'waiting')
    .where(sql<boolean>`obligations ->> 'approvals' = '0'`)
    .where('expires_at', '>', at)
    .orderBy('created_at')
    .limit(limit)
    .execute()
  return rows.map((r) => r.id as RequestId)
}

/** What is open on a target: requests that wait or became grants which still run, and those grants. */
export async function lockOpenOnTarget(tx: Tx, target: TargetId): Promise<{ requests: RequestRow[]; grants: GrantRow[] }> {
  return await lockOpenOn(
    tx,
    (await tx.selectFrom('account').select('id').where('target_id', '=', target).execute()).map((a) => a.id),
  )
}

/** The same of some accounts. */
export async function lockOpenOn(tx: Tx, accounts: readonly string[]): Promise<{ requests: RequestRow[]; grants: GrantRow[] }> {
  if (accounts.length === 0) return { requests: [], grants: [] }
  const grants = (await tx
    .selectFrom('access_grant')
    .select(grantColumns)
    .where('state', '=', 'active')
    .where('account_id', 'in', accounts)
    .forUpdate()
    .execute()) as GrantRow[]
  const granted = grants.map((g) => g.request_id)
  const requests = (await tx
    .selectFrom('access_request')
    .select(requestColumns)
    .where('account_id', 'in', accounts)
    .where(({ or, eb }) => or([eb('state', 'in', ['waiting', 'queued']), ...(granted.length > 0 ? [eb('id', 'in', granted)] : [])]))
    .forUpdate()
    .execute()) as RequestRow[]
  return { requests, grants }
}

/** What runs or waits for one person, held. */
export async function lockOpenOfPerson(tx: Tx, person: PersonId): Promise<{ requests: RequestRow[]; grants: GrantRow[] }> {
  const grants = await tx
    .selectFrom('access_grant')
    .select(grantColumns)
    .where('state', '=', 'active')
    .where('person_id', '=', person)
    .forUpdate()
    .execute()
  const requests = await tx
    .selectFrom('access_request')
    .select(requestColumns)
    .where('state', 'in', ['waiting', 'queued'])
    .where('requester_id', '=', person)
    .forUpdate()
    .execute()
  return { requests: requests as RequestRow[], grants: grants as GrantRow[] }
}

/**
 * The chain that a new grant goes on with, when the last one for this person and account ended a moment ago or still runs. None
 * runs longer than its window, whatever a wrong clock wrote down as its end.
 */
export async function openChain(tx: Tx, person: PersonId, account: AccountId, since: Date): Promise<string | undefined> {
  const row = await tx
    .selectFrom('access_grant')
    .select('chain_id')
    .where('person_id', '=', person)
    .where('account_id', '=', account)
    .where('ends_at', '>', since)
    .where(({ eb, fn }) => eb(fn.coalesce('ended_at', 'ends_at'), '>', since))
    .orderBy('starts_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.chain_id
}

/** What an activation brought and what still waits, held. */
export async function lockRequestsOfActivation(tx: Tx, activation: ActivationId): Promise<RequestRow[]> {
  return (await tx
    .selectFrom('access_request')
    .select(requestColumns)
    .where('activation', '=', activation)
    .where('state', '=', 'waiting')
    .orderBy('id')
    .forUpdate()
    .execute()) as RequestRow[]
}
