/** What the keeper gives. */
interface Ticket {
  ticket: string
  expiresAt: string
}

/** No run of a bench takes longer to connect. */
const enoughMs = 120_000

/**
 * A connection ticket that is good for another two minutes. One serves as many connections as come in its time: a grant has fifty at most, and a
 * bench with a fresh one for each run of a second would come to its end by that.
 */
export function lastingTicket<T extends Ticket>(issue: () => Promise<T>, now: () => number = Date.now): () => Promise<T> {
  let held: T | undefined
  return async () => {
    if (!held || Date.parse(held.expiresAt) - now() < enoughMs) held = await issue()
    return held
  }
}
