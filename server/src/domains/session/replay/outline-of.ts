import type { Secret } from '../../../kernel/secret.ts'
import {
  dropOutline,
  growOutline,
  type KeptEnds,
  type Manifest,
  makeOutline,
  makingOf,
  type Outline,
  openEnds,
  openOutline,
  openScreen,
  outlinePart,
  putGrownOutline,
  putOutline,
  type RecordingReader,
  type ReplayScreen,
  type StoredRecording,
  sealGrown,
  sealOutline,
} from '../../recording/index.ts'
import { outlineAltered } from '../events.ts'
import type { ViewDeps } from '../view-recording.ts'

export interface FoundOutline {
  outline: Outline
  /** What stood there when stretch `n` began. `made_anew`: what this goes by was replaced meanwhile; undefined: somebody altered it. */
  screen(n: number): Promise<ReplayScreen | 'made_anew' | undefined>
}
type OutlineDeps = Pick<ViewDeps, 'db' | 'audit'>
interface Of {
  session: string
  recording: string
  viewers: Secret
}
type Opened = { outline: Outline; making: string }

/**
 * The outline as it is kept, with what was recorded since: of a session that runs, only that is read. Undefined where there is none that the file goes on from, or that ends as the manifest says; of a
 * recording that was interrupted, it is of as much as is there. One that somebody altered is dropped, and that is an alarm: then, as where there is none, it is made anew from the file.
 */
export async function keptOutline(
  deps: OutlineDeps,
  of: Of,
  { manifest, ends, source }: { manifest: Manifest | undefined; ends: KeptEnds | undefined; source: StoredRecording },
): Promise<FoundOutline | undefined> {
  const { recording, viewers } = of
  if (!ends) return undefined
  const opened = await openOutline(viewers, recording, ends.outline).catch(() => undefined)
  if (!opened) await outlineWasAltered(deps, of)
  if (!opened || opened.outline.bytes > source.size) return undefined
  const kept = { outline: opened.outline, screen: (n: number) => screenOf(deps, of, opened, n) }
  const found = opened.outline.bytes < (manifest?.bytes ?? source.size) ? await grown(deps, of, source, ends) : kept
  if (!found) return undefined
  const { bytes, head, chunks } = found.outline
  if (manifest && (bytes !== manifest.bytes || head !== manifest.head || chunks !== manifest.chunks)) return undefined
  return found
}

async function screenOf({ db }: Pick<ViewDeps, 'db'>, { recording, viewers }: Of, { outline, making }: Opened, n: number) {
  const part = await outlinePart(db, recording, n + 1)
  const made = { recording, making: outline.stretches[n]?.making ?? making, n }
  const screen = part && (await openScreen(viewers, made, part).catch(() => undefined))
  if (screen) return screen
  const now = await outlinePart(db, recording, 0)
  const other = now && makingOf(now) !== making && (await openOutline(viewers, recording, now).catch(() => undefined))
  return other ? 'made_anew' : undefined
}

/** Goes on behind the end of what is kept, and keeps that. Whoever is shown by the outline of before still is: its screens stay where they are. */
async function grown(deps: OutlineDeps, of: Of, source: StoredRecording, ends: KeptEnds): Promise<FoundOutline | undefined> {
  const { recording, viewers } = of
  const opened = await openEnds(viewers, recording, ends)
  if (!opened) return undefined
  const { outline, making, end } = opened
  const known = outline.stretches.length
  const made = await growOutline(source, viewers, outline, end)
  if ('code' in made) return undefined
  if (made.outline.bytes > outline.bytes)
    await putGrownOutline(deps.db, recording, { before: ends.outline, rows: await sealGrown(viewers, made) })
  return {
    outline: made.outline,
    screen: async (n) => made.screens[n - known] ?? (await screenOf(deps, of, { outline, making }, n)),
  }
}

/** Reads all of it; what came of that, the reader's verdict says. Kept where nothing was found, and of a session that runs gone on with. */
export async function madeOutline(
  { db }: Pick<ViewDeps, 'db'>,
  { recording, viewers }: Of,
  reader: RecordingReader,
  rawLines: boolean,
): Promise<FoundOutline> {
  const made = await makeOutline(reader, rawLines)
  if (reader.verdict && !reader.verdict.finding) await putOutline(db, recording, await sealOutline(viewers, made))
  return { outline: made.outline, screen: async (n) => made.screens[n] }
}

export async function outlineWasAltered({ db, audit }: OutlineDeps, { session, recording }: Omit<Of, 'viewers'>): Promise<void> {
  await audit.note(outlineAltered({ session, recording }), null, { phase: 'alarm' })
  await dropOutline(db, recording)
}
