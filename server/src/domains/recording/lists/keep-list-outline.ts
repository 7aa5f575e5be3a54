import type { ByteSource, Finding } from '../../../protocols/recording/index.ts'
import { openPart, sealParts } from '../replay/seal-outline.ts'
import type { ReaderKeys } from '../segment-keys.ts'
import { type ListOutline, readListOutline } from './list-outline.ts'
import { outlineOf } from './make-list-outline.ts'
import { madeOfTheRest } from './read-on.ts'

/** As row 0 of `recording_outline` keeps it. */
export const sealListOutline = (viewers: ReaderKeys['viewers'], outline: ListOutline): Promise<Buffer[]> =>
  sealParts(viewers, outline.recording, [outline])

/** Undefined where it is none that was made of this recording by who had its key. */
export async function openListOutline(
  viewers: ReaderKeys['viewers'],
  recording: string,
  sealed: Uint8Array,
): Promise<ListOutline | undefined> {
  const text = await openPart(viewers, recording, 0, sealed)
  return text === undefined ? undefined : readListOutline(text)
}

/** The outline with what the recording holds behind it by now; a finding where that does not go on from where the outline ends. */
export async function grownOutline(
  source: ByteSource,
  viewers: ReaderKeys['viewers'],
  outline: ListOutline,
): Promise<ListOutline | Finding> {
  return await madeOfTheRest(source, viewers, outline, (blocks) => outlineOf(blocks, outline))
}
