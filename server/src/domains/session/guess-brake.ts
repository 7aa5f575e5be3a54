import type { Chorus } from '../../platform/crew/index.ts'
import { countByAddress } from './address-counts.ts'

/** Wrong tickets of one address before it has to wait. 128 bits are not guessed; this keeps the tries cheap for us and visible. */
const tries = 10

export interface GuessBrake {
  holds(address: string): boolean
  wrong(address: string): void
}

/** Counts wrong tickets by address. Who shows a right one in between is not forgiven: a guesser may have one of their own. */
export function createGuessBrake(now: () => Date, chorus?: Chorus): GuessBrake {
  const counts = countByAddress('session.wrong_ticket', () => now().getTime(), chorus)
  return {
    holds: (address) => counts.of(address) >= tries,
    wrong: (address) => void counts.add(address),
  }
}
