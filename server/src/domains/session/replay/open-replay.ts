import type { SessionId } from '../../../kernel/id.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import { outlineEnds, readRecording } from '../../recording/index.ts'
import type { SessionError } from '../errors.ts'
import { expectedOf, manifestOf } from '../expected-recording.ts'
import { kindOf } from '../session.view.ts'
import { type ReplayDeps, reopen, type Unsealed, type Viewer } from '../view-recording.ts'
import { checkedWhole, checkWhole, type WholeCheck } from '../views/check-whole.ts'
import { openedView, openView, type Viewing } from '../views/open-view.ts'
import type { OpenView, OpenViews } from '../views/open-views.ts'
import { toCheck } from '../views/to-check.ts'
import { type FoundOutline, keptOutline, madeOutline } from './outline-of.ts'

/** A recording of a terminal that somebody opened, with what it is shown by. */
export type OpenReplay = OpenView & Replayed

type Replayed = FoundOutline & { whole: WholeCheck }

export interface OpenReplayDeps extends ReplayDeps {
  replays: OpenViews<OpenReplay>
}

const viewed = (session: string) => ({ session, how: 'replay' })
const viewing = (deps: OpenReplayDeps, session: SessionId): Viewing<Replayed> => ({
  views: deps.replays,
  read: (unsealed: Unsealed) => outlined(deps, session, unsealed),
})

/** Opens the recording of a terminal for somebody, to be shown in parts. */
export async function openReplay(deps: OpenReplayDeps, session: SessionId, who: Viewer): Promise<Result<OpenReplay, SessionError>> {
  const kind = await kindOf(deps.db, session)
  if (kind !== undefined && kind !== 'shell' && kind !== 'exec') return fail({ code: 'session.no_terminal' })
  return await openView(deps, viewed(session), who, viewing(deps, session))
}

/** What this person opened, here or at another server. */
export const openedReplay = (
  deps: OpenReplayDeps,
  { session, replay }: { session: string; replay: string },
  who: Viewer,
): Promise<Result<OpenReplay, SessionError>> => openedView(deps, replay, viewed(session), who, viewing(deps, session as SessionId))

async function outlined(deps: ReplayDeps, session: SessionId, unsealed: Unsealed): Promise<Result<Replayed, SessionError>> {
  const { row, viewers } = unsealed
  const of = { session, recording: row.id, viewers }
  const manifest = await manifestOf(deps, row.id)
  if (!manifest.ok) return manifest
  const ends = await outlineEnds(deps.db, row.id)
  // of one that runs, the gateway may have gone on with its outline since the file was opened
  if (!manifest.value) await reopen(deps, unsealed)
  const { source } = unsealed
  const kept = await keptOutline(deps, of, { manifest: manifest.value, ends, source })
  if (kept) return ok({ ...kept, whole: checkWhole(() => toCheck(deps, row.id, kept.outline)) })
  const expected = await expectedOf(deps, row.id)
  if (!expected.ok) return expected
  const reader = await readRecording(source, { viewers }, expected.value)
  if (!reader.ok) return reader
  if (reader.value.facts.kind !== 'terminal') return fail({ code: 'session.no_terminal' })
  const rawLines = (await kindOf(deps.db, session)) === 'exec'
  const made = await madeOutline(deps, of, reader.value, rawLines)
  return ok({ ...made, whole: checkedWhole(reader.value) })
}
