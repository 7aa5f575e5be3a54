import type { LedgerEntry, Phase } from './entry.ts'

/** What a signed entry says, as far as an operation may demand it before it gives something out. */
export interface SignedEntry {
  place: number
  act: string
  phase: Phase
  by: string | null
  fields: Record<string, unknown>
  /** When it was written, as it says itself: milliseconds since 1970. */
  at: number
  /** An outcome was signed for this intent, or what it is about has left: nothing more leaves for it. */
  closed: boolean
}

export const most = 20_000
const forgottenAtOnce = 5_000

/** Nothing leaves for an outcome, a refusal or an alarm; nor for an intent that has its outcome. What they say is not kept: of most entries that is most. */
const says: readonly Phase[] = ['intent', 'done']
const nothing: SignedEntry['fields'] = Object.freeze({})

/** What is demanded again for hours, by whichever server somebody comes to: not pushed out by what others do meanwhile. */
const lasting: ReadonlySet<string> = new Set(['recording.viewed'])

/** Intents and their like that an operation may demand: the newest only, most are asked for within seconds. */
export class RecentEntries {
  #entries = new Map<string, SignedEntry>()
  #lasting = new Map<string, SignedEntry>()

  get(id: string): SignedEntry | undefined {
    return this.#entries.get(id) ?? this.#lasting.get(id)
  }

  remember({ id, at, act, phase, by, fields, intent }: LedgerEntry, place: number): void {
    const begun = phase === 'outcome' && intent !== null ? this.#entries.get(intent) : undefined
    if (begun) {
      begun.closed = true
      begun.fields = nothing
    }
    const kept = lasting.has(act) ? this.#lasting : this.#entries
    kept.set(id, { place, act, phase, by, fields: says.includes(phase) ? fields : nothing, at: Date.parse(at), closed: false })
    if (kept.size > most) for (const old of [...kept.keys()].slice(0, forgottenAtOnce)) kept.delete(old)
  }
}
