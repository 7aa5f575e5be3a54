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
  factor_kind: 'totp' | 'passkey' | null
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

export const requestColumns = [
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
export const grantColumns = [
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

export async function readPolicyIds(tx: Tx): Promise<string[]> {
  return (await tx.selectFrom('policy').select('id').where('state', '=', 'active').orderBy('id').execute()).map((r) => r.id)
}

export async function insertPolicy(tx: Tx, row: { id: string; name: string; text: string }, mac: Buffer): Promise<void> {
  await tx
    .insertInto('policy')
    .values({ ...row, state: 'active', revision: 1, mac })
    .execute()
}
