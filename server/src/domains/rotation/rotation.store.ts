import { sql } from 'kysely'
import { gatherFor } from '../../kernel/gather.ts'
import type { AccountId, EntryId, RotationId, TargetId } from '../../kernel/id.ts'
import type { Db, Tx } from '../../platform/db/open-db.ts'
import type { CredentialKind } from '../../targets/contract.ts'
import './tables.ts'

export type Trigger = 'take-over' | 'check-in' | 'on-demand' | 'recovery' | 'schedule' | 'compromise' | 'drift' | 'reconcile'
export interface RotationRow {
  id: RotationId
  account_id: AccountId
  credential: CredentialKind
  trigger: Trigger
  state: 'prepared' | 'changed' | 'verified' | 'done' | 'failed'
  attempt: number
  /** Of the newest attempt; null until it began. */
  intent: EntryId | null
  version: number
  reason: string
  started_at: Date
  /** Until then the target may go on accepting what was replaced. */
  old_valid_until?: Date | null
}

const columns = [
  'id',
  'account_id',
  'credential',
  'trigger',
  'state',
  'attempt',
  'intent',
  'version',
  'reason',
  'started_at',
  'old_valid_until',
] as const

export async function insertRotations(tx: Tx, rows: readonly RotationRow[]): Promise<void> {
  if (rows.length === 0) return
  const begun = { verified_at: null, old_refused_at: null, finished_at: null, error: null, old_valid_until: null, old_checked_at: null }
  await tx
    .insertInto('rotation')
    .values(rows.map((row) => ({ ...row, ...begun })))
    .execute()
}

const open = ['prepared', 'changed', 'verified'] as const

/** Rotations of these accounts that were begun and not finished. */
export async function openRotations(tx: Tx, accounts: readonly AccountId[]): Promise<RotationRow[]> {
  return (await tx
    .selectFrom('rotation')
    .select(columns)
    .where('account_id', 'in', accounts)
    .where('state', 'in', open)
    .orderBy('id')
    .forUpdate()
    .execute()) as RotationRow[]
}

export interface Progress {
  state?: RotationRow['state']
  version?: number
  attempt?: number
  intent?: EntryId
  verified_at?: Date
  old_refused_at?: Date
  old_valid_until?: Date
  old_checked_at?: Date
  finished_at?: Date
  removed?: string[]
  error?: string | null
}

export async function progress(tx: Tx, id: RotationId, step: Progress): Promise<void> {
  await tx.updateTable('rotation').set(step).where('id', '=', id).execute()
}

/** How far a rotation that runs has come. */
export interface StepDone {
  id: RotationId
  state: 'changed' | 'verified'
  verified_at?: Date
  old_valid_until?: Date
}

async function noteSteps(db: Db, steps: readonly StepDone[]): Promise<undefined[]> {
  // of one that came two steps further both are noted at once
  const last = new Map<RotationId, StepDone>()
  for (const step of steps) last.set(step.id, { ...last.get(step.id), ...step })
  const rows = [...last.values()]
  await sql`
    update rotation r set state = n.state, verified_at = coalesce(n.verified_at, r.verified_at), old_valid_until = coalesce(n.old_valid_until, r.old_valid_until)
    from unnest(${rows.map(({ id }) => id)}::text[], ${rows.map(({ state }) => state)}::text[], ${rows.map((s) => s.verified_at ?? null)}::timestamptz[],
      ${rows.map((s) => s.old_valid_until ?? null)}::timestamptz[]) as n (id, state, verified_at, old_valid_until)
    where r.id = n.id and r.state in ('prepared', 'changed', 'verified')`.execute(db)
  return steps.map(() => undefined)
}
/** Notes a step so that it lasts, also where the process is killed; a rotation that is over stays so. */
export const noteStep = gatherFor<Db, StepDone, undefined>(noteSteps)
/** The same for one of many that run at the same time: those of a few milliseconds are one commit. */
export const noteStepSoon = gatherFor<Db, StepDone, undefined>(noteSteps, { forMs: 50 })

/** The end of a rotation that worked. */
export interface Finished {
  id: RotationId
  version: number
  removed: readonly string[]
  at: Date
  oldRefusedAt: Date | undefined
  error: string | null
}
export async function finishAll(tx: Tx, all: readonly Finished[]): Promise<void> {
  const rows = all.map(({ id, version, removed, at, oldRefusedAt, error }) => ({
    id,
    version,
    removed,
    at,
    refused: oldRefusedAt ?? null,
    error,
  }))
  await sql`
    update rotation r set state = 'done', version = f.version, removed = f.removed, finished_at = f.at,
      old_refused_at = coalesce(f.refused, r.old_refused_at), error = coalesce(f.error, r.error)
    from json_to_recordset(${JSON.stringify(rows)}::json) as f (id text, version int, removed text[], at timestamptz, refused timestamptz, error text)
    where r.id = f.id`.execute(tx)
}

/** What was replaced of an account since then. */
export async function doneSince(tx: Tx, account: AccountId, since: Date): Promise<RotationRow[]> {
  const done = tx.selectFrom('rotation').select(columns).where('account_id', '=', account).where('state', '=', 'done')
  return (await done.where('finished_at', '>=', since).execute()) as RotationRow[]
}

/** Accounts with a rotation that a crash left open. */
export async function accountsWithOpenRotations(tx: Tx): Promise<AccountId[]> {
  const rows = await tx.selectFrom('rotation').select('account_id').distinct().where('state', 'in', open).execute()
  return rows.map((r) => r.account_id as AccountId)
}

interface Open {
  account: AccountId
  target: TargetId
  trigger: Trigger
}
/** Accounts with an open rotation and the targets that they are on, or on one target. */
export async function openRotationsByTarget(tx: Tx, target?: TargetId): Promise<Open[]> {
  let found = tx
    .selectFrom('rotation as r')
    .innerJoin('account as a', 'a.id', 'r.account_id')
    .select(['r.account_id as account', 'a.target_id as target', 'r.trigger'])
    .distinct()
    .where('r.state', 'in', open)
  if (target) found = found.where('a.target_id', '=', target)
  return (await found.execute()) as Open[]
}

export async function accountNamed(tx: Tx, target: TargetId, name: string): Promise<AccountId | undefined> {
  const found = tx.selectFrom('account').select('id').where('target_id', '=', target).where('name', '=', name)
  return (await found.executeTakeFirst())?.id as AccountId | undefined
}

/** The names by which the way into an account's target goes. Not attested here: the keeper decides which credential leaves. */
export async function targetWays(tx: Tx, account: AccountId): Promise<{ account: string; manager: string; reconciler: string | null }> {
  return await tx
    .selectFrom('account as a')
    .innerJoin('target as t', 't.id', 'a.target_id')
    .select(['a.name as account', 't.manager', 't.reconciler'])
    .where('a.id', '=', account)
    .executeTakeFirstOrThrow()
}

/** What became of one rotation. */
interface Last {
  credential: string
  state: string
  version: number
  error: string | null
  old_valid_until: Date | null
  old_refused_at: Date | null
}
const lastColumns = ['credential', 'state', 'version', 'error', 'old_valid_until', 'old_refused_at'] as const

/** The newest rotation of each credential of an account. */
export async function lastRotations(tx: Tx, account: AccountId): Promise<Last[]> {
  return await tx
    .selectFrom('rotation')
    .select(lastColumns)
    .distinctOn('credential')
    .where('account_id', '=', account)
    .orderBy('credential')
    .orderBy('started_at', 'desc')
    .execute()
}

/** How many rotations of a credential came to their end with a newer one than this version. */
export async function replacedSince(tx: Tx, account: AccountId, credential: string, version: number): Promise<number> {
  const row = await tx
    .selectFrom('rotation')
    .select(({ fn }) => fn.countAll<string>().as('n'))
    .where('account_id', '=', account)
    .where('credential', '=', credential)
    .where('state', '=', 'done')
    .where('version', '>', version)
    .executeTakeFirstOrThrow()
  return Number(row.n)
}

/** Rotations whose target accepted the old credential until a time that is over, and that no other followed. */
export async function oldToCheck(
  tx: Tx,
  at: Date,
  limit: number,
): Promise<{ id: RotationId; account: AccountId; name: string; target: TargetId }[]> {
  const rows = await tx
    .selectFrom('rotation as r')
    .innerJoin('account as a', 'a.id', 'r.account_id')
    .select(['r.id', 'a.id as account', 'a.name', 'a.target_id as target'])
    .where('r.state', '=', 'done')
    .where('r.old_valid_until', '<=', at)
    .where('r.old_checked_at', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('rotation as n')
            .select('n.id')
            .whereRef('n.account_id', '=', 'r.account_id')
            .whereRef('n.credential', '=', 'r.credential')
            .whereRef('n.started_at', '>', 'r.started_at'),
        ),
      ),
    )
    .orderBy('r.old_valid_until')
    .limit(limit)
    .execute()
  return rows as { id: RotationId; account: AccountId; name: string; target: TargetId }[]
}

/** Whether anybody had the credential in hand under this grant. */
export async function grantWasUsed(tx: Tx, grant: string): Promise<boolean> {
  return (await tx.selectFrom('session').select('id').where('grant_id', '=', grant).limit(1).executeTakeFirst()) !== undefined
}

/** Every account, those that manage their target first. */
export async function everyAccount(tx: Tx): Promise<AccountId[]> {
  const rows = await tx
    .selectFrom('account as a')
    .innerJoin('target as t', 't.id', 'a.target_id')
    .select('a.id')
    .where('t.manager', '<>', '')
    .orderBy((eb) => eb('a.name', '<>', eb.ref('t.manager')))
    .orderBy('a.id')
    .execute()
  return rows.map((r) => r.id as AccountId)
}
