import { type Checkpoint, readCheckpoint } from '../../keeper/ledger/checkpoint.ts'

/** One checkpoint as somebody kept it, not believed yet. */
export interface KeptNote {
  note: string
  log: string
  size: number
  root: string
}

const shape = /(\S{1,200})\n(\d{1,15})\n([A-Za-z0-9+/]{43}=)\nepoch \d{1,9}\ntime \S{1,40}\n\n— \S{1,200} [A-Za-z0-9+/=]{1,200}\n/g

/** The checkpoints in a file that was kept outside: one note, or a whole anchor file, whatever stands between them. */
export const readKeptNotes = (text: string): KeptNote[] =>
  [...text.matchAll(shape)].map(([note, log = '', size = '', root = '']) => ({ note, log, size: Number(size), root }))

export interface Compared {
  /** Entries for which an outside checkpoint vouches; 0 when none does. */
  anchoredTo: number
  /** The newest that was kept, where it saw more than there is. */
  newer: { checkpoint: Checkpoint; note: string } | undefined
}

/**
 * Compares a log with checkpoints that were kept outside. `roots` are of the tree over so many entries, for each size that any of them names. The
 * error names what is wrong; one that is of another log, or not signed by its key, is an error, too: it was taken for an anchor.
 */
export function compareKept(
  kept: readonly KeptNote[],
  own: { log: string; publicKey: Uint8Array; size: number; roots: ReadonlyMap<number, string> },
): { ok: true; value: Compared } | { ok: false; error: string } {
  const no = (error: string) => ({ ok: false as const, error })
  const signed = (k: KeptNote) => readCheckpoint(k.note, own.publicKey)
  const foreign = kept.find((k) => k.log !== own.log)
  if (foreign)
    return no(`The outside checkpoint is of ${foreign.log}, and the backup of ${own.log}: they belong to different installations.`)
  const bySize = kept.toSorted((a, b) => b.size - a.size)
  const differs = bySize.find((k) => k.size <= own.size && own.roots.get(k.size) !== k.root && signed(k))
  if (differs)
    return no(
      `The backup's ledger is not the one that the outside checkpoint over ${differs.size} entries saw: its history was changed and signed again. Do not restore it; keep it as evidence.`,
    )
  const newest = bySize[0]
  const last = newest && signed(newest)
  if (newest && !last) return no(`The newest outside checkpoint, over ${newest.size} entries, is not signed by the key of ${own.log}.`)
  const agreed = bySize.find((k) => k.size <= own.size && signed(k))
  return {
    ok: true,
    value: {
      anchoredTo: agreed?.size ?? 0,
      newer: newest && last && last.size > own.size ? { checkpoint: last, note: newest.note } : undefined,
    },
  }
}
