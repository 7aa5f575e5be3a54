import type { SeatLimits } from '../door/seats.ts'

/** What bounds one SSH door. Every number has a default, and an operator may choose a stricter one. */
export interface Limits extends SeatLimits {
  /** Milliseconds within which a connection must have signed in. */
  graceMs: number
  /** Refused keys and wrong codes on one connection, together; then it is closed. */
  attempts: number
  /** Sessions that one connection may have open at the same time (ControlMaster). */
  sessionsPerConnection: number
  /** Milliseconds without input and output after which a session ends; a connection without a session likewise. */
  idleMs: number
  /** Milliseconds for reaching a target and logging in to it. A refused login alone takes some seconds there. */
  targetMs: number
  /** Milliseconds after which a target that does not even answer whether it is there is taken as gone. */
  silenceMs: number
  /** Bytes that one socket may bring in one turn of the event loop, so that a copy does not delay other people's keys. */
  bytesPerTurn: number
  /** Bytes on one connection, both ways, after which it gets new session keys. */
  bytesPerKey: number
}

const minutes = (count: number) => count * 60_000

export const defaultLimits: Limits = {
  unauthenticatedPerAddress: 10,
  connections: 1000,
  graceMs: minutes(1),
  attempts: 6,
  sessionsPerConnection: 10,
  idleMs: minutes(15),
  targetMs: 15_000,
  silenceMs: minutes(1),
  bytesPerTurn: 128 * 1024,
  bytesPerKey: 1024 ** 3,
}
