import type { Secret } from '../../../kernel/secret.ts'
import type { Db } from '../../../platform/db/open-db.ts'
import { openEnds, openScreen, outlineEnds, outlinePart, type RecordedFrame } from '../../recording/index.ts'

/** What stood on a terminal when a chunk began, as if it were shown then. */
export interface ScreenBehind {
  chunk: number
  frames(at: number): RecordedFrame[]
}

/**
 * The first screen at or behind a chunk, of what a replay of the recording begins with. Undefined where none is kept that far: then who watches is shown what comes, on an empty screen.
 */
export async function screenBehind(db: Db, of: { recording: string; viewers: Secret }, chunk: number): Promise<ScreenBehind | undefined> {
  const { recording, viewers } = of
  const ends = await outlineEnds(db, recording)
  const opened = ends && (await openEnds(viewers, recording, ends))
  if (!opened) return undefined
  const { outline, making, end } = opened
  const n = outline.stretches.findIndex((one) => one.chunk >= chunk)
  const stretch = outline.stretches[n] ?? { chunk: outline.chunks, bytes: outline.end?.bytes ?? '', making }
  if (stretch.chunk < chunk) return undefined
  const part = n === -1 ? undefined : await outlinePart(db, recording, n + 1)
  const kept = part && (await openScreen(viewers, { recording, making: stretch.making ?? making, n }, part).catch(() => undefined))
  const screen = n === -1 ? end : kept
  if (!screen) return undefined
  const { columns, rows, text } = screen
  return {
    chunk: stretch.chunk,
    frames: (at) => [
      { kind: 'resize', columns, rows, at },
      { kind: 'output', bytes: Buffer.from(text), at },
      // the first bytes of a character that what comes begins in the midst of
      { kind: 'output', bytes: Buffer.from(stretch.bytes, 'hex'), at },
    ],
  }
}
