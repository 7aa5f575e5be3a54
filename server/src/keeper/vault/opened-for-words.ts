import type { WordKey } from './word-keys.ts'

/** So many words of one recording are hashed after one opening of it. */
const mostWords = 100_000
const forMs = 3600_000

interface Opened {
  left: number
  until: number
  keys: Map<string, WordKey>
}

/** Recordings whose words may be hashed: those that were opened for it a moment ago, and of which the ledger says so. In memory alone. */
export interface OpenedForWords {
  begin(recording: string): void
  /** Takes room for as many words; the month's keys of this opening, or undefined where nothing was opened or no room is left. */
  take(recording: string, words: number): Map<string, WordKey> | undefined
  wipe(): void
}

export function createOpenedForWords(now: () => Date): OpenedForWords {
  const opened = new Map<string, Opened>()
  return {
    begin(recording) {
      for (const [id, { until }] of opened) if (until < now().getTime()) opened.delete(id)
      opened.set(recording, { left: mostWords, until: now().getTime() + forMs, keys: new Map() })
    },
    take(recording, words) {
      const one = opened.get(recording)
      if (!one || one.until < now().getTime() || one.left < words) return undefined
      one.left -= words
      return one.keys
    },
    wipe: () => opened.clear(),
  }
}
