import type { SessionId } from '../../../kernel/id.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import { type ListKind, type ListOutline, readRecording } from '../../recording/index.ts'
import type { SessionError } from '../errors.ts'
import { expectedOf, manifestOf } from '../expected-recording.ts'
import { type ReplayDeps, type Unsealed, unseal, type Viewer } from '../view-recording.ts'
import { checkedWhole, checkWhole, type WholeCheck } from '../views/check-whole.ts'
import type { OpenView, OpenViews } from '../views/open-views.ts'
import { toCheck } from '../views/to-check.ts'
import { saysThatTheyView } from '../views/viewing.ts'
import { keptListOutline, madeListOutline } from './list-outline-of.ts'

/** The statements or files of a session, opened by somebody to be read a page at a time. */
export type OpenList = OpenView & { outline: ListOutline }

export interface OpenListDeps extends ReplayDeps {
  lists: OpenViews<OpenList>
}

interface OfList {
  session: string
  kind: ListKind
}

/** What the ledger calls a viewing of each, and what a session of another kind is refused with. */
export const shownBy = {
  sql: { how: 'statements', none: { code: 'session.no_statements' } },
  files: { how: 'files', none: { code: 'session.no_files' } },
} as const

/** Opens the list: who looks is in the ledger before the keeper gives the key, once for all pages. */
export const openList = (deps: OpenListDeps, of: OfList, who: Viewer): Promise<Result<OpenList, SessionError>> => begin(deps, of, who, {})

/** The same under the entry that is there, and by reading all of it: what its outline goes by is not what the file is. */
export const openListAnew = (deps: OpenListDeps, of: OfList, who: Viewer, viewing: string): Promise<Result<OpenList, SessionError>> =>
  begin(deps, of, who, { viewing, anew: true })

/** What this person opened, here or at another server. */
export async function openedList(deps: OpenListDeps, of: OfList & { view: string }, who: Viewer): Promise<Result<OpenList, SessionError>> {
  const { session, kind, view } = of
  const opened = await deps.lists.use(view, { person: who.person, session }, async () => {
    if (!(await saysThatTheyView(deps.db, view, { session, person: who.person, how: shownBy[kind].how })))
      return fail({ code: 'session.view_over' })
    const again = await begin(deps, of, who, { viewing: view })
    return !again.ok && again.error.code === 'keeper.no_intent' ? fail({ code: 'session.view_over' }) : again
  })
  return opened.ok && opened.value.outline.kind !== kind ? fail({ code: 'session.view_over' }) : opened
}

async function begin(
  deps: OpenListDeps,
  { session, kind }: OfList,
  who: Viewer,
  { viewing, anew = false }: { viewing?: string; anew?: boolean },
): Promise<Result<OpenList, SessionError>> {
  const unsealed = await unseal(deps, session, who, shownBy[kind].how, viewing)
  if (!unsealed.ok) return unsealed
  const { row, source, viewers } = unsealed.value
  let list: OpenList | undefined
  try {
    const read = await outlined(deps, { session, kind }, unsealed.value, anew)
    if (!read.ok) return read
    const { person } = who
    list = { id: unsealed.value.viewing, person, session: session as SessionId, recording: row.id, source, viewers, ...read.value }
    deps.lists.add(list)
    return ok(list)
  } finally {
    if (!list) {
      viewers.wipe()
      await source.close()
    }
  }
}

async function outlined(
  deps: ReplayDeps,
  { session, kind }: OfList,
  unsealed: Unsealed,
  anew: boolean,
): Promise<Result<{ outline: ListOutline; whole: WholeCheck }, SessionError>> {
  const { row, source, viewers } = unsealed
  const manifest = await manifestOf(deps, row.id)
  if (!manifest.ok) return manifest
  const kept = anew ? undefined : await keptListOutline(deps, session, unsealed, manifest.value)
  if (kept?.kind === kind) return ok({ outline: kept, whole: checkWhole(() => toCheck(deps, row.id, kept)) })
  const expected = await expectedOf(deps, row.id)
  if (!expected.ok) return expected
  const reader = await readRecording(source, { viewers }, expected.value)
  if (!reader.ok) return reader
  if (reader.value.facts.kind !== kind) return fail(shownBy[kind].none)
  const outline = await madeListOutline(deps, viewers, reader.value, kind)
  return ok({ outline, whole: checkedWhole(reader.value) })
}
