import { join } from 'node:path'
import type { Keeper } from '../../keeper/client.ts'
import type { PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { Audit } from '../audit/index.ts'
import { type Manifest, openRecording, type RecordingReader } from '../recording/index.ts'
import type { SessionError } from './errors.ts'
import { viewed } from './events.ts'
import { type RecordingFile, recordingOf } from './session.view.ts'

export interface ViewDeps {
  db: Db
  keeper: Keeper
  audit: Audit
  recordings: string
}

/** Opens a sealed recording for somebody: who looks is in the ledger before the keeper gives the key. */
export async function viewRecording(
  deps: ViewDeps,
  session: string,
  who: { person: PersonId; presence: string },
  how: string,
): Promise<Result<{ reader: RecordingReader; row: RecordingFile }, SessionError>> {
  const row = await recordingOf(deps.db, session)
  if (!row) return fail({ code: 'session.no_recording' })
  const intent = await deps.audit.note(viewed({ session, recording: row.id, how }), who.person)
  const key = await deps.keeper.ask('openRecording', { recording: row.id, presence: who.presence, intent })
  if (!key.ok) return key
  const viewers = key.value.payload ?? new Secret(new Uint8Array(32))
  const reader = await openRecording(join(deps.recordings, row.file), { viewers }, expectedOf(row))
  return reader.ok ? ok({ reader: reader.value, row }) : reader
}

/** What the recording must be: its manifest once it ended, else the last head that the ledger learned. */
function expectedOf(row: RecordingFile): { manifest?: Manifest; heads?: { chunks: number; head: string }[] } {
  if (row.state === 'sealed' && row.manifest !== null) {
    const {
      participants: _participants,
      grant: _grant,
      ...manifest
    } = JSON.parse(row.manifest) as Manifest & { participants: unknown; grant: unknown }
    return { manifest }
  }
  return row.chunks > 0 ? { heads: [{ chunks: row.chunks, head: row.head }] } : {}
}
