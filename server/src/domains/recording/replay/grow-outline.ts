import type { ByteSource, Finding } from '../../../protocols/recording/index.ts'
import { madeOfTheRest } from '../lists/read-on.ts'
import type { ReaderKeys } from '../segment-keys.ts'
import { type Made, outlineWith } from './make-outline.ts'
import type { Outline, ReplayScreen } from './outline.ts'

/**
 * The outline with what the recording holds behind it by now, from the screen on that stood at its end: of a session of hours only what came since is read. A finding
 * where that does not go on from where the outline ends.
 */
export async function growOutline(
  source: ByteSource,
  viewers: ReaderKeys['viewers'],
  outline: Outline,
  end: ReplayScreen,
): Promise<Made | Finding> {
  return await madeOfTheRest(source, viewers, outline, (blocks) => outlineWith(blocks, outline, end))
}
