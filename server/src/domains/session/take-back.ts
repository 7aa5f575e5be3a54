import type { Refusal } from '../../gateways/contract.ts'
import { notOpened } from './events.ts'
import { offerAgain } from './offer-again.ts'
import type { Opening, OpenSessionDeps } from './opening.ts'
import { sessionIntent, setSessionState } from './session.store.ts'

/**
 * Whatever failed, nothing is left running: the credential is wiped and the recording closed when this returns, and the intent gets its outcome as soon
 * as the database takes it. The person is not kept waiting for that: where the first try fails, the others go on behind.
 */
export async function takeBack(deps: OpenSessionDeps, so: Opening, refusal: Pick<Refusal, 'code'>): Promise<void> {
  const { log } = deps
  so.released?.secret.wipe()
  await so.writer?.close().catch((error: unknown) => log(`a recording could not be closed: ${String(error)}`))
  const { row } = so
  if (!row) return
  const over = () => writeNotOpened(deps, so, refusal)
  try {
    await over()
  } catch {
    void offerAgain(deps, `that session ${row.id} did not open`, over)
  }
}

async function writeNotOpened(
  { db, audit, whenOver }: OpenSessionDeps,
  { row, admitted, ...so }: Opening,
  { code }: Pick<Refusal, 'code'>,
) {
  if (!row) return
  // an intent that was committed but not sequenced in time was never handed to us: its row knows it
  const intent = so.intent ?? (await db.transaction().execute((tx) => sessionIntent(tx, row.id)))
  if (!intent) return
  await db.transaction().execute(async (tx) => {
    await setSessionState(tx, row.id, 'refused', { at: new Date(), reason: code })
    await audit.noteIn(tx, notOpened({ session: row.id, code }), admitted.person, { phase: 'outcome', intent })
  })
  whenOver?.()
}
