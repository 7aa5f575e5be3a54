import type { Keeper } from '../../keeper/client.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { Audit } from '../audit/index.ts'
import { type RecordingPlaces, verifyStored } from '../recording/index.ts'
import { openAsksOf } from './asks/asks.store.ts'
import { lapseAsk } from './asks/lapse-ask.ts'
import { interrupted } from './events.ts'
import { type LeftSession, openSessions, settleLeft, updateRecording } from './session.store.ts'

export interface RecoverDeps extends RecordingPlaces {
  db: Db
  keeper: Keeper
  audit: Audit
  log: (line: string) => void
}

/** At start no session of this node runs: those that a crash left open are closed as interrupted, with what their recordings prove. */
export async function recoverSessions(deps: RecoverDeps, node: string): Promise<number> {
  return await settleAll(deps, await deps.db.transaction().execute((tx) => openSessions(tx, [node], true)))
}

/**
 * The same for nodes of which nothing was heard for long: their hosts may never come back. One that does, and had carried its sessions on without
 * the database, writes how they ended after all.
 */
export async function recoverSessionsOf(deps: RecoverDeps, silent: readonly string[]): Promise<number> {
  if (silent.length === 0) return 0
  return await settleAll(deps, await deps.db.transaction().execute((tx) => openSessions(tx, silent, false)))
}

async function settleAll(deps: RecoverDeps, left: readonly LeftSession[]): Promise<number> {
  const { db, audit, log, keeper: _, ...places } = deps
  let settled = 0
  for (const session of left) {
    // a recording on another node's disk proves nothing here: then what that node wrote last is all that is known
    const verdict = await verifyStored(places, session.recording)
    const { chunks, head } = verdict.ok ? (verdict.value ?? session) : { chunks: 0, head: '' }
    const verified = verdict.ok && verdict.value !== undefined && verdict.value.finding === undefined
    const event = interrupted({ session: session.id, grant: session.grant, recording: session.recording, chunks, head, verified })
    const ours = await db.transaction().execute(async (tx) => {
      if (!(await settleLeft(tx, session, new Date()))) return false
      const known = verdict.ok && verdict.value ? { bytes: verdict.value.bytes } : {}
      await updateRecording(tx, session.recording, { state: 'interrupted', chunks, head, ...known })
      await audit.noteIn(tx, event, null, { phase: 'outcome', ...(session.intent && { intent: session.intent }) })
      return true
    })
    if (!ours) continue
    settled += 1
    await lapseAsksOf(deps, session)
    log(`session ${session.id} was interrupted; its recording holds ${chunks} chunks`)
  }
  return settled
}

/** What waited in it for somebody's word was not done: whoever held it is gone. */
async function lapseAsksOf({ db, audit, keeper, log }: RecoverDeps, { id, intent }: LeftSession): Promise<void> {
  for (const ask of await db.transaction().execute((tx) => openAsksOf(tx, id)))
    await lapseAsk({ audit, keeper }, ask.id, 'interrupted', { person: null, ...(intent && { intent }) }).catch((error: unknown) =>
      log(`that ${ask.id} was not done is not recorded: ${String(error)}`),
    )
}
