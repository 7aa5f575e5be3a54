import type { IndexedEntry } from './ledger-index.store.ts'

/** An entry's own id. */
export const entryId = /^ent_[a-z0-9]{10}$/
/** Entries that are indexed at once: no line reaches further. */
export const longestStep = 500
/** Keeps a line short. */
const mostTogether = 64

/**
 * Entries that say the same at the same moment, but for their own ids, become one line: its place is that of the last. Entries come in order, and so do
 * lines. What names another entry stays alone, so that an id among the words of a line is always that of one of its entries.
 */
export function together(entries: readonly IndexedEntry[]): IndexedEntry[] {
  const lines = new Map<string, IndexedEntry>()
  const full: IndexedEntry[] = []
  const keys = new Map<object, string | undefined>()
  for (const entry of entries) {
    const { place, words, like = entry } = entry
    const [own = ''] = words
    if (!keys.has(like)) keys.set(like, keyOf(entry))
    const key = keys.get(like)
    if (key === undefined) {
      full.push(entry)
      continue
    }
    const line = lines.get(key)
    if (line && (line.also?.length ?? 0) < mostTogether - 1) {
      line.also = [...(line.also ?? []), line.place]
      line.place = place
      line.words.unshift(own)
    } else {
      if (line) full.push(line)
      lines.set(key, { ...entry, words: [...words] })
    }
  }
  return [...full, ...lines.values()].sort((a, b) => a.place - b.place)
}

/** What entries have in common that become one line; undefined for one that stays alone. */
function keyOf({ at, act, phase, by_id, words }: IndexedEntry): string | undefined {
  const [own = '', ...others] = words
  if (!entryId.test(own) || others.some((word) => entryId.test(word))) return undefined
  return JSON.stringify([at.getTime(), act, phase, by_id, others])
}
