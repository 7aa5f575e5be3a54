import { fail, ok, type Result } from '../../../kernel/result.ts'
import { type ListKind, type ListOutline, type RecordingReader, readRecording } from '../../recording/index.ts'
import type { SessionError } from '../errors.ts'
import { expectedOf, manifestOf } from '../expected-recording.ts'
import type { ReplayDeps, Unsealed, Viewer } from '../view-recording.ts'
import { checkedWhole, checkWhole, type WholeCheck } from '../views/check-whole.ts'
import { openedView, openView, type Viewing } from '../views/open-view.ts'
import type { OpenView, OpenViews } from '../views/open-views.ts'
import { toCheck } from '../views/to-check.ts'
import { keptListOutline, madeListOutline } from './list-outline-of.ts'

/** The statements or files of a session, opened by somebody to be read a page at a time. */
export type OpenList = OpenView & Listed

interface Listed {
  outline: ListOutline
  whole: WholeCheck
}

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

/** Statements may have sent files of the person's machine. */
export const mayList = ({ facts }: Pick<RecordingReader, 'facts'>, kind: ListKind): boolean =>
  facts.kind === kind || (facts.kind === 'sql' && kind === 'files')

const viewing = (deps: OpenListDeps, of: OfList, anew = false): Viewing<Listed> => ({
  views: deps.lists,
  read: (unsealed: Unsealed) => outlined(deps, of, unsealed, anew),
})
const viewed = ({ session, kind }: OfList) => ({ session, how: shownBy[kind].how })

export const openList = (deps: OpenListDeps, of: OfList, who: Viewer): Promise<Result<OpenList, SessionError>> =>
  openView(deps, viewed(of), who, viewing(deps, of))

/** The same under the entry that is there, and by reading all of it: what its outline goes by is not what the file is. */
export const openListAnew = (deps: OpenListDeps, of: OfList, who: Viewer, entry: string): Promise<Result<OpenList, SessionError>> =>
  openView(deps, viewed(of), who, viewing(deps, of, true), entry)

/** What this person opened, here or at another server. */
export async function openedList(deps: OpenListDeps, of: OfList & { view: string }, who: Viewer): Promise<Result<OpenList, SessionError>> {
  const opened = await openedView(deps, of.view, viewed(of), who, viewing(deps, of))
  return opened.ok && opened.value.outline.kind !== of.kind ? fail({ code: 'session.view_over' }) : opened
}

async function outlined(
  deps: ReplayDeps,
  { session, kind }: OfList,
  unsealed: Unsealed,
  anew: boolean,
): Promise<Result<Listed, SessionError>> {
  const { row, source, viewers } = unsealed
  const manifest = await manifestOf(deps, row.id)
  if (!manifest.ok) return manifest
  const kept = anew ? undefined : await keptListOutline(deps, session, unsealed, manifest.value)
  if (kept?.kind === kind) return ok({ outline: kept, whole: checkWhole(() => toCheck(deps, row.id, kept)) })
  const expected = await expectedOf(deps, row.id)
  if (!expected.ok) return expected
  const reader = await readRecording(source, { viewers }, expected.value)
  if (!reader.ok) return reader
  if (!mayList(reader.value, kind)) return fail(shownBy[kind].none)
  const outline = await madeListOutline(deps, viewers, reader.value, kind)
  if (reader.value.facts.kind !== kind && outline.total === 0) return fail(shownBy[kind].none)
  return ok({ outline, whole: checkedWhole(reader.value) })
}
