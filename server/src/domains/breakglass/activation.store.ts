import type { AccountId, ActivationId, PersonId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import './tables.ts'

export interface ActivationRow {
  id: ActivationId
  kind: 'emergency' | 'drill'
  accounts: AccountId[]
  requester_id: PersonId
  approver_id: PersonId | null
  reason: string
  seconds: number
  state: 'waiting' | 'approved' | 'active' | 'ended' | 'reviewed' | 'withdrawn' | 'expired'
  created_at: Date
  expires_at: Date
  starts_at: Date | null
  ends_at: Date | null
  epoch: number
  reviewer_id: PersonId | null
  review: string | null
  revision: number
}

/** One step of a drill, as it went. */
export interface DrillStep {
  step: string
  ok: boolean
  detail: string
  seconds: number
}

const columns = [
  'id',
  'kind',
  'accounts',
  'requester_id',
  'approver_id',
  'reason',
  'seconds',
  'state',
  'created_at',
  'expires_at',
  'starts_at',
  'ends_at',
  'epoch',
  'reviewer_id',
  'review',
  'revision',
] as const

export async function insertActivation(tx: Tx, row: ActivationRow, mac: Buffer): Promise<void> {
  await tx
    .insertInto('breakglass_activation')
    .values({ ...row, mac })
    .execute()
}

export async function lockActivation(tx: Tx, id: string): Promise<ActivationRow | undefined> {
  return (await tx.selectFrom('breakglass_activation').select(columns).where('id', '=', id).forUpdate().executeTakeFirst()) as
    | ActivationRow
    | undefined
}

/** The next revision of a row; what is not named stays. */
export async function writeActivation(
  tx: Tx,
  { id, state, approver_id, starts_at, ends_at, reviewer_id, review, revision }: ActivationRow,
  mac: Buffer,
  beside: { ended_at?: Date; end_reason?: string } = {},
): Promise<void> {
  await tx
    .updateTable('breakglass_activation')
    .set({ state, approver_id, starts_at, ends_at, reviewer_id, review, revision, mac, ...beside })
    .where('id', '=', id)
    .execute()
}

export async function keepSteps(tx: Tx, id: ActivationId, steps: readonly DrillStep[]): Promise<void> {
  await tx
    .updateTable('breakglass_activation')
    .set({ steps: JSON.stringify(steps) })
    .where('id', '=', id)
    .execute()
}

/** One that is not over and has one of these accounts. */
export async function openOnAny(tx: Tx, accounts: readonly string[]): Promise<string | undefined> {
  const open = await tx
    .selectFrom('breakglass_activation')
    .select(['id', 'accounts'])
    .where('state', 'in', ['waiting', 'approved', 'active'])
    .orderBy('id')
    .forUpdate()
    .execute()
  return open.find((one) => one.accounts.some((id) => accounts.includes(id)))?.id
}

/** What is over by time, or of whose grants none runs any more. */
export async function dueActivations(tx: Tx, at: Date): Promise<ActivationId[]> {
  const rows = await tx
    .selectFrom('breakglass_activation as a')
    .select('a.id')
    .where((eb) =>
      eb.or([
        eb.and([eb('a.state', 'in', ['waiting', 'approved']), eb('a.expires_at', '<=', at)]),
        eb.and([eb('a.state', '=', 'active'), eb('a.ends_at', '<=', at)]),
        eb.and([
          eb('a.state', '=', 'active'),
          eb('a.kind', '=', 'emergency'),
          eb.not(
            eb.exists(
              eb
                .selectFrom('access_grant as g')
                .innerJoin('access_request as r', 'r.id', 'g.request_id')
                .select('g.id')
                .whereRef('r.activation', '=', 'a.id')
                .where('g.state', '=', 'active'),
            ),
          ),
        ]),
      ]),
    )
    .limit(50)
    .execute()
  return rows.map((row) => row.id as ActivationId)
}

/** The account behind `account@target`, as one or none. */
export async function accountsNamed(tx: Tx, name: string): Promise<AccountId[]> {
  const [account = '', target = ''] = name.split('@')
  const rows = await tx
    .selectFrom('account as a')
    .innerJoin('target as t', 't.id', 'a.target_id')
    .select('a.id')
    .where('a.name', '=', account)
    .where('t.name', '=', target)
    .where('a.gone_at', 'is', null)
    .execute()
  return rows.map((row) => row.id as AccountId)
}
