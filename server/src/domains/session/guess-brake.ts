import { alone, type Chorus } from '../../platform/crew/index.ts'

/** Wrong tickets of one address before it has to wait. 128 bits are not guessed; this keeps the tries cheap for us and visible. */
const tries = 10
const windowMs = 60_000
const mostAddresses = 10_000

export interface GuessBrake {
  holds(address: string): boolean
  wrong(address: string): void
}

const topic = 'session.wrong_ticket'

/**
 * Counts wrong tickets by address, those that other processes of the door saw among them. Who shows a right one in between is not forgiven: a guesser
 * may have one of their own.
 */
export function createGuessBrake(now: () => Date, chorus: Chorus = alone): GuessBrake {
  const windows = new Map<string, { until: number; count: number }>()
  const current = (address: string) => {
    const window = windows.get(address)
    return window && window.until > now().getTime() ? window : undefined
  }
  const count = (address: string): void => {
    const window = current(address) ?? { until: now().getTime() + windowMs, count: 0 }
    window.count += 1
    if (windows.size > mostAddresses) windows.clear()
    windows.set(address, window)
  }
  chorus.hear(topic, count)
  return {
    holds: (address) => (current(address)?.count ?? 0) >= tries,
    wrong(address) {
      count(address)
      chorus.say(topic, address)
    },
  }
}
