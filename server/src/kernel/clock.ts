/** Where "now" comes from. Wall time for what people and rows say; `monotonic` for deadlines that a changed clock must not move. */
export interface Clock {
  now(): Date
  /** Milliseconds since some fixed moment of this process; never goes back. */
  monotonic(): number
}

export const systemClock: Clock = { now: () => new Date(), monotonic: () => performance.now() }
