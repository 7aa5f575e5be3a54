import { openFile } from '../file-source.ts'
import { growOutline } from './grow-outline.ts'
import { type Facts, outlineOfNothing } from './make-outline.ts'
import { type KeptEnds, openEnds, type SealedRow, sealGrown } from './seal-outline.ts'

/** A recording that is still written, and what is kept of its outline. */
export interface ToGrow {
  path: string
  facts: Facts
  kept: KeptEnds | undefined
  /** No more is read at once than is worth so much. */
  most: number
}

/** The rows that take the place of what was kept, none where nothing is new, and how much of the file they are of. `unfit`: what is kept does not lead on to this file. */
export type Grown = { rows: readonly SealedRow[]; bytes: number } | 'unfit'

/** Goes on with an outline as it is kept, or begins it, and seals what is new. */
export async function growKept({ path, facts, kept, most }: ToGrow, viewers: Uint8Array): Promise<Grown> {
  const from = kept ? await openEnds(viewers, facts.recording, kept) : outlineOfNothing(facts)
  if (!from) return 'unfit'
  const source = await openFile(path)
  if (!source.ok) return 'unfit'
  try {
    const made = await growOutline(source.value, viewers, from.outline, from.end, most)
    if ('code' in made) return 'unfit'
    const { bytes } = made.outline
    return { rows: bytes > from.outline.bytes ? await sealGrown(viewers, made) : [], bytes }
  } finally {
    await source.value.close()
  }
}
