import type { PersonId, SessionId } from '../../../kernel/id.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import { Secret } from '../../../kernel/secret.ts'
import { newId } from '../../../platform/crypto/random.ts'
import { openStored, readRecording, type StoredRecording } from '../../recording/index.ts'
import type { SessionError } from '../errors.ts'
import { viewed } from '../events.ts'
import { expectedOf, manifestOf } from '../expected-recording.ts'
import { kindOf } from '../session.view.ts'
import { findRecording, type ReplayDeps } from '../view-recording.ts'
import { checkedWhole, checkWhole, type WholeCheck } from './check-whole.ts'
import type { OpenReplay, OpenReplays } from './open-replays.ts'
import { type FoundOutline, keptOutline, madeOutline } from './outline-of.ts'

export interface OpenReplayDeps extends ReplayDeps {
  replays: OpenReplays
}

/** Opens the recording of a terminal for somebody, to be shown in parts: who looks is in the ledger before the keeper gives the key, once for all parts. */
export async function openReplay(
  deps: OpenReplayDeps,
  session: SessionId,
  { person, presence }: { person: PersonId; presence: string },
): Promise<Result<OpenReplay, SessionError>> {
  const kind = await kindOf(deps.db, session)
  if (kind !== undefined && kind !== 'shell' && kind !== 'exec') return fail({ code: 'session.no_terminal' })
  const found = await findRecording(deps, session)
  if (!found.ok) return found
  const { row, source } = found.value
  let replay: OpenReplay | undefined
  let viewers: Secret | undefined
  try {
    const intent = await deps.audit.note(viewed({ session, recording: row.id, how: 'replay' }), person)
    const key = await deps.keeper.ask('openRecording', { recording: row.id, presence, intent })
    if (!key.ok) return key
    viewers = key.value.payload ?? new Secret(new Uint8Array(32))
    const read = await outlined(deps, { session, recording: row.id, viewers }, source, {
      rawLines: kind === 'exec',
      keep: row.state !== 'running',
    })
    if (!read.ok) return read
    replay = { id: newId('rpl'), person, session, recording: row.id, source, viewers, ...read.value }
    deps.replays.add(replay)
    return ok(replay)
  } finally {
    if (!replay) {
      viewers?.wipe()
      await source.close()
    }
  }
}

type Of = { session: SessionId; recording: string; viewers: Secret }

async function outlined(
  deps: ReplayDeps,
  of: Of,
  source: StoredRecording,
  how: { rawLines: boolean; keep: boolean },
): Promise<Result<FoundOutline & { whole: WholeCheck }, SessionError>> {
  const { recording, viewers } = of
  const manifest = await manifestOf(deps, recording)
  if (!manifest.ok) return manifest
  const kept = await keptOutline(deps, of, { manifest: manifest.value, size: source.size })
  if (kept) return ok({ ...kept, whole: checkWhole(() => wholeReader(deps, of)) })
  const expected = await expectedOf(deps, recording)
  if (!expected.ok) return expected
  const reader = await readRecording(source, { viewers }, expected.value)
  if (!reader.ok) return reader
  if (reader.value.facts.kind !== 'terminal') return fail({ code: 'session.no_terminal' })
  const made = await madeOutline(deps, of, reader.value, how)
  return ok({ ...made, whole: checkedWhole(reader.value) })
}

/** From a source of its own: what is read at once for it must not push out what a part reads. */
async function wholeReader(deps: ReplayDeps, { recording, viewers }: Of) {
  const expected = await expectedOf(deps, recording)
  if (!expected.ok) return undefined
  const stored = await openStored(deps, recording)
  if (!stored.ok || !stored.value) return undefined
  const source = stored.value
  const reader = await readRecording(source, { viewers }, expected.value, () => source.close())
  if (reader.ok) return reader.value
  await source.close()
  return undefined
}
