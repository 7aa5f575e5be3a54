import type { Secret } from '../../../kernel/secret.ts'
import {
  dropOutline,
  type Made,
  type Manifest,
  makeOutline,
  type Outline,
  openOutline,
  openScreen,
  outlinePart,
  putOutline,
  type RecordingReader,
  type ReplayScreen,
  sealOutline,
} from '../../recording/index.ts'
import { outlineAltered } from '../events.ts'
import type { ViewDeps } from '../view-recording.ts'

export interface FoundOutline {
  outline: Outline
  screen(n: number): Promise<ReplayScreen | undefined>
}
interface Of {
  session: string
  recording: string
  viewers: Secret
}

/**
 * The outline as it is kept, where it was made of the very file that the manifest is about; of a recording that was interrupted, of as much as is there. One that somebody altered is dropped, and that is an alarm:
 * then, as where there is none, it is made anew from the file.
 */
export async function keptOutline(
  deps: ViewDeps,
  of: Of,
  { manifest, size }: { manifest: Manifest | undefined; size: number },
): Promise<FoundOutline | undefined> {
  const { recording, viewers } = of
  const sealed = await outlinePart(deps.db, recording, 0)
  if (!sealed) return undefined
  const opened = await openOutline(viewers, recording, sealed).catch(() => undefined)
  if (!opened) await outlineWasAltered(deps, of)
  if (!opened || opened.outline.bytes !== (manifest?.bytes ?? size)) return undefined
  if (manifest && (opened.outline.head !== manifest.head || opened.outline.chunks !== manifest.chunks)) return undefined
  return {
    outline: opened.outline,
    async screen(n) {
      const part = await outlinePart(deps.db, recording, n + 1)
      return part && (await openScreen(viewers, { recording, making: opened.making, n }, part).catch(() => undefined))
    },
  }
}

/** Reads all of it; what came of that, the reader's verdict says. `keep`: nobody writes it any more, so what is made of it stays right. */
export async function madeOutline(
  deps: Pick<ViewDeps, 'db'>,
  { recording, viewers }: Of,
  reader: RecordingReader,
  { rawLines, keep }: { rawLines: boolean; keep: boolean },
): Promise<FoundOutline> {
  const made = await makeOutline(reader, rawLines)
  if (keep && reader.verdict && !reader.verdict.finding) await keepOutline(deps, recording, viewers, made)
  return { outline: made.outline, screen: async (n) => made.screens[n] }
}

export async function keepOutline({ db }: Pick<ViewDeps, 'db'>, recording: string, viewers: Secret, made: Made): Promise<void> {
  await putOutline(db, recording, await sealOutline(viewers, made))
}

export async function outlineWasAltered({ db, audit }: ViewDeps, { session, recording }: Omit<Of, 'viewers'>): Promise<void> {
  await audit.note(outlineAltered({ session, recording }), null, { phase: 'alarm' })
  await dropOutline(db, recording)
}
