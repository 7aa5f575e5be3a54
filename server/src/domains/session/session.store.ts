import { sql } from 'kysely'
import type { Door, SessionKind, Way } from '../../gateways/contract.ts'
import type { Place } from '../../keeper/facts/retention.ts'
import type { AccountId, EntryId, GrantId, PersonId, RecordingId, RequestId, SessionId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import type { SessionTerms } from '../policy/index.ts'
import './tables.ts'

export interface SessionRow {
  id: SessionId
  grant_id: GrantId
  person_id: PersonId
  account_id: AccountId
  door: Door
  kind: SessionKind
  command: string | null
  source: string
  recording_id: RecordingId
  header_hash: string
  opened_at: Date
  /** What it is opened on: a target that is classified anew later does not shorten how long the recording is kept. */
  kept_as: Place
}

export async function insertSession(
  tx: Tx,
  row: SessionRow,
  { database, way }: { database: string | null; way: Way },
  mac: Buffer,
  file: string,
): Promise<void> {
  await tx
    .insertInto('session')
    .values({
      ...row,
      kept_as: JSON.stringify(row.kept_as),
      database_name: database,
      way,
      intent: null,
      state: 'opening',
      ended_at: null,
      end_reason: null,
      exit_status: null,
      revision: 1,
      mac,
    })
    .execute()
  await tx
    .insertInto('recording')
    .values({
      id: row.recording_id,
      session_id: row.id,
      file,
      state: 'running',
      chunks: 0,
      bytes: 0,
      head: row.header_hash,
      seconds: 0,
      manifest: null,
      signature: null,
    })
    .execute()
}

export async function setSessionState(
  tx: Tx,
  id: SessionId,
  state: string,
  end?: { at: Date; reason: string; exitStatus?: number | undefined },
): Promise<void> {
  await tx
    .updateTable('session')
    .set({ state, ...(end && { ended_at: end.at, end_reason: end.reason, exit_status: end.exitStatus ?? null }) })
    .where('id', '=', id)
    .execute()
}

/** What bounds a session that begins to run, for those who look at it. */
export async function setSessionTerms(
  tx: Tx,
  id: SessionId,
  { idleSeconds, finishSeconds, supervised }: SessionTerms,
  endsAt: Date,
): Promise<void> {
  const terms = { idle_seconds: idleSeconds, finish_seconds: finishSeconds, supervised, unobserved: supervised, ends_at: endsAt }
  await tx.updateTable('session').set(terms).where('id', '=', id).execute()
}

export async function setSessionEnd(tx: Tx, id: SessionId, endsAt: Date): Promise<void> {
  await tx.updateTable('session').set({ ends_at: endsAt }).where('id', '=', id).execute()
}

export async function setObserved(tx: Tx, id: SessionId, observed: boolean): Promise<void> {
  await tx.updateTable('session').set({ unobserved: !observed }).where('id', '=', id).execute()
}

export async function setSessionIntent(tx: Tx, id: SessionId, intent: EntryId): Promise<void> {
  await tx.updateTable('session').set({ intent }).where('id', '=', id).execute()
}

/** The intent of a session; undefined when the session was never written. */
export async function sessionIntent(tx: Tx, id: SessionId): Promise<EntryId | undefined> {
  const row = await tx.selectFrom('session').select('intent').where('id', '=', id).executeTakeFirst()
  return (row?.intent ?? undefined) as EntryId | undefined
}

export interface RecordingProgress {
  state?: 'sealed' | 'interrupted'
  chunks: number
  head: string
  bytes?: number
  seconds?: number
  manifest?: string
  signature?: Buffer
}

export async function updateRecording(tx: Tx, id: RecordingId, step: RecordingProgress): Promise<void> {
  await tx
    .updateTable('recording')
    .set({ ...step, updated_at: new Date() })
    .where('id', '=', id)
    .execute()
}

/** The running grant of a person for an account, the one that lasts longest. */
export async function runningGrant(tx: Tx, person: PersonId, account: string, target: string, at: Date): Promise<GrantId | undefined> {
  const row = await tx
    .selectFrom('access_grant as g')
    .innerJoin('account as a', 'a.id', 'g.account_id')
    .innerJoin('target as t', 't.id', 'a.target_id')
    .select('g.id')
    .where('g.person_id', '=', person)
    .where('g.action', '=', 'connect')
    .where('g.state', '=', 'active')
    .where('g.ends_at', '>', at)
    .where('a.name', '=', account)
    .where('t.name', '=', target)
    .orderBy('g.ends_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.id as GrantId | undefined
}

export async function requestOutcome(
  tx: Tx,
  id: RequestId,
): Promise<{ state: string; grant: GrantId | null; comment: string | null } | undefined> {
  const row = await tx
    .selectFrom('access_request as r')
    .leftJoin('access_grant as g', 'g.request_id', 'r.id')
    .leftJoin('approval as v', (join) => join.onRef('v.request_id', '=', 'r.id').on('v.verdict', '=', 'denied'))
    .select(['r.state', sql<string | null>`coalesce(g.id, r.extends_grant)`.as('grant'), 'v.comment'])
    .where('r.id', '=', id)
    .executeTakeFirst()
  return row && { state: row.state, grant: row.grant as GrantId | null, comment: row.comment }
}

export async function grantNow(tx: Tx, id: string): Promise<{ state: string; endsAt: Date } | undefined> {
  const row = await tx.selectFrom('access_grant').select(['state', 'ends_at']).where('id', '=', id).executeTakeFirst()
  return row && { state: row.state, endsAt: new Date(row.ends_at) }
}

/** A session that no process carries any more: what a crash left open. */
export interface LeftSession {
  id: SessionId
  grant: GrantId
  recording: RecordingId
  intent: EntryId | null
  /** As its gateway last wrote them. */
  chunks: number
  head: string
}

/** Sessions that stand open and were carried by one of these nodes; with `orNone` also those from before nodes were written down. */
export async function openSessions(tx: Tx, nodes: readonly string[], orNone: boolean): Promise<LeftSession[]> {
  const rows = await tx
    .selectFrom('session as s')
    .innerJoin('recording as r', 'r.id', 's.recording_id')
    .select(['s.id', 's.grant_id', 's.recording_id', 's.intent', 'r.chunks', 'r.head'])
    .where('s.state', 'in', ['opening', 'running'])
    .where((of) => of.or([of('s.node', 'in', [...nodes, '']), ...(orNone ? [of('s.node', 'is', null)] : [])]))
    .execute()
  return rows.map((r) => ({
    id: r.id as SessionId,
    grant: r.grant_id as GrantId,
    recording: r.recording_id as RecordingId,
    intent: r.intent as EntryId | null,
    chunks: r.chunks,
    head: r.head,
  }))
}

/** Closes a session that nobody carries any more; false when somebody did that meanwhile. */
export async function settleLeft(tx: Tx, session: LeftSession, at: Date): Promise<boolean> {
  const done = await tx
    .updateTable('session')
    .set({ state: 'interrupted', ended_at: at, end_reason: 'interrupted' })
    .where('id', '=', session.id)
    .where('state', 'in', ['opening', 'running'])
    .executeTakeFirst()
  return done.numUpdatedRows > 0n
}

export async function personName(tx: Tx, person: PersonId): Promise<string> {
  return (await tx.selectFrom('person').select('name').where('id', '=', person).executeTakeFirst())?.name ?? person
}

/** Whether a rotation of any of this account's credentials was begun and is not over, on this server or another. */
export async function isBeingRotated(tx: Tx, account: AccountId): Promise<boolean> {
  const open = tx
    .selectFrom('rotation')
    .select('id')
    .where('account_id', '=', account)
    .where('state', 'in', ['prepared', 'changed', 'verified'])
  return (await open.limit(1).executeTakeFirst()) !== undefined
}
