import type { AskId, PersonId, SessionId } from '../../../kernel/id.ts'
import type { Tx } from '../../../platform/db/open-db.ts'
import type { ShownAct } from './shown-act.ts'
import './tables.ts'
import '../tables.ts'

/** What of an ask the keeper attests, and which revision of it. */
export interface AskRow {
  id: AskId
  session_id: SessionId
  person_id: PersonId
  account_id: string
  action: ShownAct['action']
  /** What is asked, as the keeper sealed it. */
  sealed: Buffer
  digest: string
  asked_at: Date
  expires_at: Date
  state: 'waiting' | 'allowed' | 'refused' | 'passed' | 'over'
  decided_by: PersonId | null
  revision: number
}

const columns = [
  ...(['id', 'session_id', 'person_id', 'account_id', 'action', 'sealed', 'digest', 'asked_at'] as const),
  ...(['expires_at', 'state', 'decided_by', 'revision'] as const),
]

export async function insertAsk(tx: Tx, row: AskRow, mac: Buffer): Promise<void> {
  await tx
    .insertInto('session_ask')
    .values({ ...row, decided_at: null, comment: null, why: null, mac })
    .execute()
}

/** Held, so that each step is taken once. */
export async function lockAsk(tx: Tx, id: string): Promise<(AskRow & { comment: string | null }) | undefined> {
  const row = await tx
    .selectFrom('session_ask')
    .select([...columns, 'comment'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row as (AskRow & { comment: string | null }) | undefined
}

/** A step of the gateway that holds it. */
export async function stepAsk(tx: Tx, { id, state, revision }: AskRow, why: string | null, mac: Buffer): Promise<void> {
  await tx.updateTable('session_ask').set({ state, why, revision, mac }).where('id', '=', id).execute()
}

/** Somebody's word. */
export async function decideAskRow(
  tx: Tx,
  { id, state, decided_by, revision }: AskRow,
  { at, comment }: { at: Date; comment: string | null },
  mac: Buffer,
): Promise<void> {
  await tx.updateTable('session_ask').set({ state, decided_by, decided_at: at, comment, revision, mac }).where('id', '=', id).execute()
}

export async function askState(tx: Tx, id: AskId): Promise<AskRow['state'] | undefined> {
  return (await tx.selectFrom('session_ask').select('state').where('id', '=', id).executeTakeFirst())?.state
}

/** Whether its session may still do anything. */
export async function sessionRuns(tx: Tx, session: SessionId): Promise<boolean> {
  const found = tx.selectFrom('session').select('id').where('id', '=', session).where('state', 'in', ['opening', 'running'])
  return (await found.executeTakeFirst()) !== undefined
}

/** How many acts of a person wait. */
export async function countWaiting(tx: Tx, person: PersonId, at: Date): Promise<number> {
  const row = await tx
    .selectFrom('session_ask')
    .select((of) => of.fn.countAll<number>().as('count'))
    .where('person_id', '=', person)
    .where('state', '=', 'waiting')
    .where('expires_at', '>', at)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

/** What a session left behind that nobody carries any more. */
export async function openAsksOf(tx: Tx, session: string): Promise<AskRow[]> {
  const rows = await tx
    .selectFrom('session_ask')
    .select(columns)
    .where('session_id', '=', session)
    .where('state', 'in', ['waiting', 'allowed'])
    .execute()
  return rows as unknown as AskRow[]
}
