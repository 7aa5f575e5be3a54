import type { Keeper } from '../../keeper/client.ts'
import type { PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { Audit } from '../audit/index.ts'
import { openStored, type RecordingPlaces, type RecordingReader, readRecording, type StoredRecording } from '../recording/index.ts'
import type { SessionError } from './errors.ts'
import { viewed } from './events.ts'
import { expectedOf } from './expected-recording.ts'
import { refuseDestroyed } from './refuse-destroyed.ts'
import { type RecordingFile, recordingOf } from './session.view.ts'

export interface ViewDeps extends RecordingPlaces {
  db: Db
  keeper: Keeper
  audit: Audit
}

/** The sealed bytes of a session's recording, from wherever they lie. Whoever got them closes them. */
export async function findRecording(
  deps: ViewDeps,
  session: string,
): Promise<Result<{ row: RecordingFile; source: StoredRecording }, SessionError>> {
  const row = await recordingOf(deps.db, session)
  if (!row) return fail({ code: 'session.no_recording' })
  const there = await refuseDestroyed(deps, row.id)
  if (!there.ok) return there
  const stored = await openStored(deps, row.id)
  if (!stored.ok) return stored
  const source = stored.value
  if (!source) return fail({ code: 'session.recording_elsewhere', node: row.node })
  return ok({ row, source })
}

/** Opens a sealed recording for somebody: who looks is in the ledger before the keeper gives the key. */
export async function viewRecording(
  deps: ViewDeps,
  session: string,
  who: { person: PersonId; presence: string },
  how: string,
): Promise<Result<{ reader: RecordingReader; row: RecordingFile }, SessionError>> {
  const found = await findRecording(deps, session)
  if (!found.ok) return found
  const { row, source } = found.value
  const reader = await openFor(deps, row.id, source, { session, how, ...who })
  if (reader.ok) return ok({ reader: reader.value, row })
  await source.close()
  return reader
}

async function openFor(
  deps: ViewDeps,
  recording: string,
  source: StoredRecording,
  { session, how, person, presence }: { session: string; how: string; person: PersonId; presence: string },
): Promise<Result<RecordingReader, SessionError>> {
  const intent = await deps.audit.note(viewed({ session, recording, how }), person)
  const key = await deps.keeper.ask('openRecording', { recording, presence, intent })
  if (!key.ok) return key
  const viewers = key.value.payload ?? new Secret(new Uint8Array(32))
  const expected = await expectedOf(deps, recording)
  if (!expected.ok) {
    viewers.wipe()
    return expected
  }
  return await readRecording(source, { viewers }, expected.value, () => source.close())
}
