import { type DoorLimits, doorLimits } from '../door/limits.ts'

/** What bounds one SSH door. */
export interface Limits extends DoorLimits {
  /** Refused keys and wrong codes on one connection, together; then it is closed. */
  attempts: number
  /** Milliseconds that a connection has from when it was shown a link, once: as long as a link waits, and what was decided in the last moment takes. */
  linkMs: number
  /** Sessions that one connection may have open at the same time (ControlMaster). */
  sessionsPerConnection: number
  /** Connections that one connection of a person may have forwarded at the same time. */
  forwardsPerConnection: number
  /** Bytes that one socket may bring in one turn of the event loop, so that a copy does not delay other people's keys. */
  bytesPerTurn: number
  /** Bytes on one connection, both ways, after which it gets new session keys. */
  bytesPerKey: number
}

export const defaultLimits: Limits = {
  ...doorLimits,
  unauthenticatedPerAddress: 10,
  attempts: 6,
  linkMs: 125_000,
  sessionsPerConnection: 10,
  forwardsPerConnection: 100,
  bytesPerTurn: 128 * 1024,
  bytesPerKey: 1024 ** 3,
}
