import { join } from 'node:path'
import type { Db } from '../../platform/db/open-db.ts'
import type { Audit } from '../audit/index.ts'
import { verifyRecording } from '../recording/index.ts'
import { interrupted } from './events.ts'
import { openSessions, setSessionState, updateRecording } from './session.store.ts'

/** At start no session runs: those that a crash left open are closed as interrupted, with what their recordings prove. */
export async function recoverSessions(deps: { db: Db; audit: Audit; recordings: string; log: (line: string) => void }): Promise<number> {
  const { db, audit, recordings, log } = deps
  const left = await db.transaction().execute((tx) => openSessions(tx))
  for (const session of left) {
    const verdict = await verifyRecording(join(recordings, `${session.recording}.clvr`))
    const chunks = verdict.ok ? verdict.value.chunks : 0
    const head = verdict.ok ? verdict.value.head : ''
    await db.transaction().execute(async (tx) => {
      await updateRecording(tx, session.recording, { state: 'interrupted', chunks, head })
      await setSessionState(tx, session.id, 'interrupted', { at: new Date(), reason: 'interrupted' })
    })
    const verified = verdict.ok && verdict.value.finding === undefined
    await audit.noteLater(
      interrupted({ session: session.id, grant: session.grant, recording: session.recording, chunks, head, verified }),
      null,
      { phase: 'outcome', ...(session.intent && { intent: session.intent }) },
    )
    log(`session ${session.id} was interrupted; its recording holds ${chunks} chunks`)
  }
  return left.length
}
