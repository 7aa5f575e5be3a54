import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Keeper } from '../../keeper/client.ts'
import type { PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import { verifyEd25519 } from '../../platform/crypto/ed25519.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { Audit } from '../audit/index.ts'
import { type Manifest, openRecording, type RecordingReader } from '../recording/index.ts'
import type { SessionError } from './errors.ts'
import { viewed } from './events.ts'
import { evidenceOf } from './recording-evidence.view.ts'
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
  // the name is made of the id: a row that names another file leads nowhere
  const file = join(deps.recordings, `${row.id}.clvr`)
  if (!existsSync(file)) return fail({ code: 'session.recording_elsewhere', node: row.node })
  const intent = await deps.audit.note(viewed({ session, recording: row.id, how }), who.person)
  const key = await deps.keeper.ask('openRecording', { recording: row.id, presence: who.presence, intent })
  if (!key.ok) return key
  const viewers = key.value.payload ?? new Secret(new Uint8Array(32))
  const expected = await expectedOf(deps, row.id)
  if (!expected.ok) {
    viewers.wipe()
    return expected
  }
  const reader = await openRecording(file, { viewers }, expected.value)
  return reader.ok ? ok({ reader: reader.value, row }) : reader
}

type Expected = { manifest?: Manifest; heads?: { chunks: number; head: string }[] }

/** What the recording must be: its manifest, signed by the keeper, once it ended; until then the heads that the ledger learned. */
async function expectedOf({ db, keeper }: ViewDeps, recording: string): Promise<Result<Expected, SessionError>> {
  const { heads, ended } = await evidenceOf(db, recording)
  if (!ended) return ok({ heads })
  const status = await keeper.ask('status', {})
  if (!status.ok) return status
  const key = Buffer.from(/^[^+]+\+[0-9a-f]{8}\+(.+)$/.exec(status.value.verifierKey)?.[1] ?? '', 'base64').subarray(1)
  const signed = Buffer.from(`claviger/recording-manifest/v1\n${ended.manifest}`, 'utf8')
  if (!verifyEd25519(key, signed, Buffer.from(ended.signature, 'base64'))) return fail({ code: 'session.manifest_forged' })
  const { participants: _participants, grant: _grant, ...manifest } = JSON.parse(ended.manifest) as Manifest & Record<string, unknown>
  return manifest.recording === recording ? ok({ manifest: manifest as Manifest, heads }) : fail({ code: 'session.manifest_forged' })
}
