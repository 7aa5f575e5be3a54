import type { SeatLimits } from './seats.ts'

/** What bounds every door. Every number has a default, and an operator may choose a stricter one. */
export interface DoorLimits extends SeatLimits {
  /** Milliseconds within which a connection must have signed in. */
  graceMs: number
  /** Milliseconds without a byte in either direction after which a session ends, whatever policy gives it; a connection without a session likewise. */
  idleMs: number
  /** Milliseconds for reaching a target and logging in to it. A login that is refused alone takes some seconds there. */
  targetMs: number
  /** Milliseconds after which a target of which nothing is heard, not even that it is there, is taken as gone; 11 s at least. */
  silenceMs: number
}

const minutes = (count: number) => count * 60_000

export const doorLimits: Omit<DoorLimits, 'unauthenticatedPerAddress'> = {
  connections: 1000,
  graceMs: minutes(1),
  idleMs: minutes(8 * 60),
  targetMs: 15_000,
  silenceMs: minutes(1),
}
