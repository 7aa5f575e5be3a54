import { sql } from 'kysely'
import type { AccountId, ActivationId, ApprovalId, GrantId, PersonId, RequestId, TargetId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import type { StoredObligations } from './tables.ts'

export interface RequestRow {
  id: RequestId
  requester_id: PersonId
  account_id: AccountId
  action: 'connect' | 'reveal'
  reason: string
  itsm_ticket: string | null
  seconds: number
  obligations: StoredObligations
  digest: string
  state: string
  created_at: Date
  expires_at: Date
  /** Since when it waits for its account and for nothing else; null before. */
  queued_at: Date | null
  /** The grant under which more time is asked for; null when a new one is. */
  extends_grant: GrantId | null
  /** The break-glass activation that brought it; null for what policy decides. */
  activation: ActivationId | null
  revision: number
}

export interface ApprovalRow {
  id: ApprovalId
  request_id: RequestId
  requester_id: PersonId
  approver_id: PersonId
  verdict: 'approved' | 'denied'
  digest: string
  factor_kind: 'totp' | null
  at: Date
}

export interface GrantRow {
  id: GrantId
  request_id: RequestId
  person_id: PersonId
  account_id: AccountId
  action: 'connect' | 'reveal'
  starts_at: Date
  ends_at: Date
  state: string
  chain_id: string
  epoch: number
  /** Nobody else has a grant on the account meanwhile; null, never false, when others may. */
  exclusive: true | null
  revision: number
}

const requestColumns = [
  'id',
  'requester_id',
  'account_id',
  'action',
  'reason',
  'itsm_ticket',
  'seconds',
  'obligations',
  'digest',
  'state',
  'created_at',
  'expires_at',
  'queued_at',
  'extends_grant',
  'activation',
  'revision',
] as const
const grantColumns = [
  'id',
  'request_id',
  'person_id',
  'account_id',
  'action',
  'starts_at',
  'ends_at',
  'state',
  'chain_id',
  'epoch',
  'exclusive',
  'revision',
] as const

/** The ids behind `account@target`, for the keeper to vouch for. */
export async function accountNamed(tx: Tx, account: string, target: string): Promise<{ account: AccountId; target: TargetId } | undefined> {
  const row = await tx
    .selectFrom('account as a')
    .innerJoin('target as t', 't.id', 'a.target_id')
    .select(['a.id', 't.id as target_id'])
    .where('a.name', '=', account)
    .where('t.name', '=', target)
    .where('a.gone_at', 'is', null)
    .executeTakeFirst()
  return row && { account: row.id as AccountId, target: row.target_id as TargetId }
}

export async function insertRequest(tx: Tx, { obligations, ...row }: RequestRow, mac: Buffer): Promise<void> {
  await tx
    .insertInto('access_request')
    .values({ ...row, obligations: JSON.stringify(obligations), mac })
    .execute()
}

/** Reads a request and holds its row, so that two approvers cannot both decide it. */
export async function lockRequest(tx: Tx, id: RequestId): Promise<RequestRow | undefined> {
  return (await tx.selectFrom('access_request').select(requestColumns).where('id', '=', id).forUpdate().executeTakeFirst()) as
    | RequestRow
    | undefined
}

export async function setRequestState(tx: Tx, row: RequestRow, mac: Buffer, voidReason?: string): Promise<void> {
  await tx
    .updateTable('access_request')
    .set({
      state: row.state,
      queued_at: row.queued_at,
      revision: row.revision,
      mac,
      ...(voidReason !== undefined && { void_reason: voidReason }),
    })
    .where('id', '=', row.id)
    .execute()
}

export async function insertApproval(tx: Tx, row: ApprovalRow & { comment: string | null }, mac: Buffer): Promise<void> {
  await tx
    .insertInto('approval')
    .values({ ...row, revision: 1, mac })
    .execute()
}

/** Who voted yes so far, with the groups they are in. */
export async function yesVotes(tx: Tx, request: RequestId): Promise<{ approver: PersonId; groups: string[] }[]> {
  const rows = await tx
    .selectFrom('approval as v')
    .innerJoin('person as p', 'p.id', 'v.approver_id')
    .select(['v.approver_id', 'p.groups'])
    .where('v.request_id', '=', request)
    .where('v.verdict', '=', 'approved')
    .execute()
  return rows.map((r) => ({ approver: r.approver_id as PersonId, groups: r.groups }))
}

export async function insertGrant(tx: Tx, row: GrantRow, mac: Buffer): Promise<void> {
  await tx
    .insertInto('access_grant')
    .values({ ...row, ended_at: null, end_reason: null, mac })
    .execute()
}

export async function lockGrant(tx: Tx, id: GrantId): Promise<GrantRow | undefined> {
  return (await tx.selectFrom('access_grant').select(grantColumns).where('id', '=', id).forUpdate().executeTakeFirst()) as
    | GrantRow
    | undefined
}

/** Another end of a grant that runs on. */
export async function moveGrantEnd(tx: Tx, row: GrantRow, mac: Buffer): Promise<void> {
  await tx.updateTable('access_grant').set({ ends_at: row.ends_at, revision: row.revision, mac }).where('id', '=', row.id).execute()
}

/** Requests for more time under a grant, held. */
export async function lockExtensionsOf(tx: Tx, grant: GrantId): Promise<RequestRow[]> {
  return (await tx
    .selectFrom('access_request')
    .select(requestColumns)
    .where('extends_grant', '=', grant)
    .where('state', '=', 'waiting')
    .forUpdate()
    .skipLocked()
    .execute()) as RequestRow[]
}

export async function endGrantRow(tx: Tx, row: GrantRow, mac: Buffer, at: Date, why: string): Promise<void> {
  await tx
    .updateTable('access_grant')
    .set({ state: row.state, revision: row.revision, mac, ended_at: at, end_reason: why })
    .where('id', '=', row.id)
    .execute()
}

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

export async function readPolicyIds(tx: Tx): Promise<string[]> {
  return (await tx.selectFrom('policy').select('id').where('state', '=', 'active').orderBy('id').execute()).map((r) => r.id)
}

export async function insertPolicy(tx: Tx, row: { id: string; name: string; text: string }, mac: Buffer): Promise<void> {
  await tx
    .insertInto('policy')
    .values({ ...row, state: 'active', revision: 1, mac })
    .execute()
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
