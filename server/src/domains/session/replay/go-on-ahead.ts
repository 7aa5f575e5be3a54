import type { Secret } from '../../../kernel/secret.ts'
import type { Db } from '../../../platform/db/open-db.ts'
import { blockWorth, type OutlineThread, outlineEnds, putGrownOutline } from '../../recording/index.ts'

/** The recording of a terminal that is still written, in the process that writes it and has its key. */
export interface Growing {
  path: string
  facts: { recording: string; columns: number; rows: number; rawLines: boolean }
  viewers: Secret
  /** What is safe on the disk by now, and what was shown. */
  written(): { bytes: number; chunks: number; shown: number }
}

/** No more is read in one go than is worth so much, as stretches are counted. */
const mostAtOnce = 4 * 1024 * 1024

/** How much there is to read in it, as stretches are counted. */
export const worthOf = ({ written }: Growing): number => {
  const { shown, chunks } = written()
  return shown + chunks * blockWorth
}

/**
 * Goes on with the outline of a recording that is still written, so that whoever looks into it reads what came since and not all of it. Where somebody who looks did so in between, theirs stays.
 * `unfit`: what is kept does not open, or does not lead on to the file. Whoever looks finds that too, makes it anew, and says so where somebody altered it.
 */
export async function goOnAhead(
  { db, thread }: { db: Db; thread: Pick<OutlineThread, 'grow'> },
  { path, facts, viewers, written }: Growing,
  most = mostAtOnce,
): Promise<'done' | 'more' | 'unfit'> {
  const { bytes } = written()
  const kept = await outlineEnds(db, facts.recording)
  const grown = await thread.grow({ path, facts, kept, most }, viewers)
  if (grown === 'unfit') return 'unfit'
  if (grown.rows.length > 0) await putGrownOutline(db, facts.recording, { before: kept?.outline, rows: grown.rows })
  return grown.bytes < bytes ? 'more' : 'done'
}
