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

export interface Viewer {
  person: PersonId
  presence: string
}

/** Sealed bytes, and the key that opens them, given for one entry of the ledger. Whoever got them wipes the key and closes the source. */
export interface Unsealed {
  viewing: string
  row: RecordingFile
  source: StoredRecording
  viewers: Secret
}

/** The key of a recording for somebody: who looks is in the ledger before the keeper gives it. `viewing`: the entry is there already. */
export async function unseal(
  deps: ViewDeps,
  session: string,
  { person, presence }: Viewer,
  how: string,
  viewing?: string,
): Promise<Result<Unsealed, SessionError>> {
  const found = await findRecording(deps, session)
  if (!found.ok) return found
  const { row, source } = found.value
  let given = false
  try {
    const intent = viewing ?? (await deps.audit.note(viewed({ session, recording: row.id, how }), person))
    const key = await deps.keeper.ask('openRecording', { recording: row.id, presence, intent, how })
    if (!key.ok) return key
    given = true
    return ok({ viewing: intent, row, source, viewers: key.value.payload ?? new Secret(new Uint8Array(32)) })
  } finally {
    // also where the ledger does not take it that somebody views
    if (!given) await source.close()
  }
}

/** As many bytes as there are by now: a recording that is still written has grown. */
export async function reopen(deps: ViewDeps, unsealed: Unsealed): Promise<void> {
  const stored = await openStored(deps, unsealed.row.id)
  if (!stored.ok || !stored.value) return
  await unsealed.source.close()
  unsealed.source = stored.value
}

/** Opens a sealed recording for somebody, to be read to its end. */
export async function viewRecording(
  deps: ReplayDeps,
  session: string,
  who: Viewer,
  how: string,
): Promise<Result<{ reader: RecordingReader; row: RecordingFile }, SessionError>> {
  const unsealed = await unseal(deps, session, who, how)
  if (!unsealed.ok) return unsealed
  const { row, source, viewers } = unsealed.value
  const close = async () => {
    viewers.wipe()
    await source.close()
  }
  let reader: Result<RecordingReader, SessionError> | undefined
  try {
    const expected = await expectedOf(deps, row.id)
    reader = expected.ok ? await readRecording(source, { viewers }, expected.value, close) : expected
    return reader.ok ? ok({ reader: reader.value, row }) : reader
  } finally {
    if (!reader?.ok) await close()
  }
}
