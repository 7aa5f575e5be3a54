import type { Keeper } from '../../keeper/client.ts'
import type { PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { Audit } from '../audit/index.ts'
import { openStored, type RecordingPlaces, type RecordingReader, readRecording, type StoredRecording } from '../recording/index.ts'
import type { SessionError } from './errors.ts'
import { viewed } from './events.ts'
import { type ExpectedDeps, expectedOf } from './expected-recording.ts'
import { refuseDestroyed } from './refuse-destroyed.ts'
import { type RecordingFile, recordingOf } from './session.view.ts'

export interface ViewDeps extends RecordingPlaces {
  db: Db
  keeper: Keeper
  audit: Audit
}

/** For opening a recording, besides. */
export type ReplayDeps = ViewDeps & ExpectedDeps

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
  deps: ReplayDeps,
  session: string,
  who: { person: PersonId; presence: string },
  how: string,
): Promise<Result<{ reader: RecordingReader; row: RecordingFile }, SessionError>> {
  const found = await findRecording(deps, session)
  if (!found.ok) return found
  const { row, source } = found.value
  let opened = false
  try {
    const reader = await openFor(deps, row.id, source, { session, how, ...who })
    if (!reader.ok) return reader
    opened = true
    return ok({ reader: reader.value, row })
  } finally {
    // also where the ledger does not take it that somebody views
    if (!opened) await source.close()
  }
}

async function openFor(
  deps: ReplayDeps,
  recording: string,
  source: StoredRecording,
  { session, how, person, presence }: { session: string; how: string; person: PersonId; presence: string },
): Promise<Result<RecordingReader, SessionError>> {
  const intent = await deps.audit.note(viewed({ session, recording, how }), person)
  const key = await deps.keeper.ask('openRecording', { recording, presence, intent })
  if (!key.ok) return key
  const viewers = key.value.payload ?? new Secret(new Uint8Array(32))
  let reader: Result<RecordingReader, SessionError> | undefined
  try {
    const expected = await expectedOf(deps, recording)
    reader = expected.ok
      ? await readRecording(source, { viewers }, expected.value, async () => {
          viewers.wipe()
          await source.close()
        })
      : expected
    return reader
  } finally {
    if (!reader?.ok) viewers.wipe()
  }
}
