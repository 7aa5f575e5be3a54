/** From the code to the answer. What is asked for later was kept by somebody. */
const withinMs = 60_000

/** Which showings were answered, so that each opens once. After a restart nothing opens that was attested before it: who asked gives another code. */
export interface Showings {
  /** Whether this one may be answered now; then it may not again. */
  take(id: string, at: Date): boolean
}

export function createShowings(now: () => Date): Showings {
  const startedAt = now().getTime()
  const answered = new Map<string, number>()
  return {
    take(id, at) {
      const time = now().getTime()
      for (const [old, when] of answered) if (time - when > 2 * withinMs) answered.delete(old)
      if (answered.has(id) || at.getTime() < startedAt || Math.abs(time - at.getTime()) > withinMs) return false
      answered.set(id, time)
      return true
    },
  }
}
