import { Readable } from 'node:stream'
import type { PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { openStored, type StoredRecording } from '../recording/index.ts'
import type { SessionError } from './errors.ts'
import { viewed } from './events.ts'
import { refuseDestroyed } from './refuse-destroyed.ts'
import { recordingOf } from './session.view.ts'
import type { ViewDeps } from './view-recording.ts'

const pieceBytes = 256 * 1024

/**
 * The file of a recording as it lies there, sealed: for checking it elsewhere. Nobody reads anything in it without its keys, which are not given; who took
 * it is in the ledger all the same.
 */
export async function saveRecording(
  deps: ViewDeps,
  session: string,
  who: { person: PersonId },
): Promise<Result<{ name: string; body: Readable }, SessionError>> {
  const row = await recordingOf(deps.db, session)
  if (!row) return fail({ code: 'session.no_recording' })
  const there = await refuseDestroyed(deps, row.id)
  if (!there.ok) return there
  const stored = await openStored(deps, row.id)
  if (!stored.ok) return stored
  const source = stored.value
  if (!source) return fail({ code: 'session.recording_elsewhere', node: row.node })
  await deps.audit.note(viewed({ session, recording: row.id, how: 'sealed' }), who.person)
  return ok({ name: `${row.id}.clvr`, body: Readable.from(pieces(source)) })
}

async function* pieces(source: StoredRecording): AsyncGenerator<Uint8Array> {
  try {
    for (let at = 0; at < source.size; at += pieceBytes) yield await source.read(at, pieceBytes)
  } finally {
    await source.close()
  }
}
