import type { PersonId, SessionId } from '../../../kernel/id.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import { readRecording } from '../../recording/index.ts'
import type { SessionError } from '../errors.ts'
import { expectedOf, manifestOf } from '../expected-recording.ts'
import { kindOf } from '../session.view.ts'
import { type ReplayDeps, type Unsealed, unseal, type Viewer } from '../view-recording.ts'
import { checkedWhole, checkWhole, type WholeCheck } from '../views/check-whole.ts'
import type { OpenView, OpenViews } from '../views/open-views.ts'
import { toCheck } from '../views/to-check.ts'
import { saysThatTheyView } from '../views/viewing.ts'
import { type FoundOutline, keptOutline, madeOutline } from './outline-of.ts'

/** A recording of a terminal that somebody opened, with what it is shown by. */
export type OpenReplay = OpenView & FoundOutline

export interface OpenReplayDeps extends ReplayDeps {
  replays: OpenViews<OpenReplay>
}

const how = 'replay'

/** Opens the recording of a terminal for somebody, to be shown in parts: who looks is in the ledger before the keeper gives the key, once for all parts. */
export async function openReplay(deps: OpenReplayDeps, session: SessionId, who: Viewer): Promise<Result<OpenReplay, SessionError>> {
  return await begin(deps, session, who)
}

/** What this person opened, here or at another server: there is one entry for it, however many servers show its parts. */
export async function openedReplay(
  deps: OpenReplayDeps,
  { session, replay }: { session: string; replay: string },
  who: Viewer,
): Promise<Result<OpenReplay, SessionError>> {
  return await deps.replays.use(replay, { person: who.person, session }, async () => {
    if (!(await saysThatTheyView(deps.db, replay, { session, person: who.person, how }))) return fail({ code: 'session.view_over' })
    const opened = await begin(deps, session as SessionId, who, replay)
    return !opened.ok && opened.error.code === 'keeper.no_intent' ? fail({ code: 'session.view_over' }) : opened
  })
}

async function begin(deps: OpenReplayDeps, session: SessionId, who: Viewer, viewing?: string): Promise<Result<OpenReplay, SessionError>> {
  const kind = await kindOf(deps.db, session)
  if (kind !== undefined && kind !== 'shell' && kind !== 'exec') return fail({ code: 'session.no_terminal' })
  const unsealed = await unseal(deps, session, who, how, viewing)
  if (!unsealed.ok) return unsealed
  let replay: OpenReplay | undefined
  try {
    const read = await outlined(deps, session, unsealed.value, kind === 'exec')
    if (!read.ok) return read
    replay = { ...viewOf(unsealed.value, session, who.person), ...read.value }
    deps.replays.add(replay)
    return ok(replay)
  } finally {
    if (!replay) {
      unsealed.value.viewers.wipe()
      await unsealed.value.source.close()
    }
  }
}

const viewOf = ({ viewing, row, source, viewers }: Unsealed, session: SessionId, person: PersonId) => ({
  ...{ id: viewing, person, session, recording: row.id, source, viewers },
})

async function outlined(
  deps: ReplayDeps,
  session: SessionId,
  { row, source, viewers }: Unsealed,
  rawLines: boolean,
): Promise<Result<FoundOutline & { whole: WholeCheck }, SessionError>> {
  const of = { session, recording: row.id, viewers }
  const manifest = await manifestOf(deps, row.id)
  if (!manifest.ok) return manifest
  const kept = await keptOutline(deps, of, { manifest: manifest.value, size: source.size })
  if (kept) return ok({ ...kept, whole: checkWhole(() => toCheck(deps, row.id, kept.outline)) })
  const expected = await expectedOf(deps, row.id)
  if (!expected.ok) return expected
  const reader = await readRecording(source, { viewers }, expected.value)
  if (!reader.ok) return reader
  if (reader.value.facts.kind !== 'terminal') return fail({ code: 'session.no_terminal' })
  const made = await madeOutline(deps, of, reader.value, { rawLines, keep: row.state !== 'running' })
  return ok({ ...made, whole: checkedWhole(reader.value) })
}
