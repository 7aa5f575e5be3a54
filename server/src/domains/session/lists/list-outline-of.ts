import {
  grownOutline,
  type ListKind,
  type ListOutline,
  type Manifest,
  makeListOutline,
  openListOutline,
  outlinePart,
  putOutline,
  type RecordingReader,
  sealListOutline,
} from '../../recording/index.ts'
import { outlineWasAltered } from '../replay/outline-of.ts'
import type { Unsealed, ViewDeps } from '../view-recording.ts'

/**
 * The outline as it is kept, with what was recorded since: of a session that runs, only that is read. Undefined where there is none that the file goes on from, or that ends
 * as the manifest says. One that somebody altered is dropped, and that is an alarm.
 */
export async function keptListOutline(
  deps: ViewDeps,
  session: string,
  { row, source, viewers }: Pick<Unsealed, 'row' | 'source' | 'viewers'>,
  manifest: Manifest | undefined,
): Promise<ListOutline | undefined> {
  const sealed = await outlinePart(deps.db, row.id, 0)
  if (!sealed) return undefined
  const opened = await openListOutline(viewers, row.id, sealed).catch(() => undefined)
  if (!opened) await outlineWasAltered(deps, { session, recording: row.id })
  if (!opened || opened.bytes > source.size) return undefined
  const outline = opened.bytes < source.size ? await grownOutline(source, viewers, opened) : opened
  if ('code' in outline) return undefined
  const { bytes, head, chunks } = outline
  if (manifest && (bytes !== manifest.bytes || head !== manifest.head || chunks !== manifest.chunks)) return undefined
  if (bytes > opened.bytes) await keepListOutline(deps, viewers, outline)
  return outline
}

/** Reads all of it; what came of that, the reader's verdict says. Kept where nothing was found. */
export async function madeListOutline(
  deps: Pick<ViewDeps, 'db'>,
  viewers: Unsealed['viewers'],
  reader: RecordingReader,
  kind: ListKind,
): Promise<ListOutline> {
  const outline = await makeListOutline(reader, kind)
  // there is room for one: that of what the session is
  if (reader.facts.kind === kind && reader.verdict && !reader.verdict.finding) await keepListOutline(deps, viewers, outline)
  return outline
}

async function keepListOutline({ db }: Pick<ViewDeps, 'db'>, viewers: Unsealed['viewers'], outline: ListOutline): Promise<void> {
  await putOutline(db, outline.recording, await sealListOutline(viewers, outline))
}
