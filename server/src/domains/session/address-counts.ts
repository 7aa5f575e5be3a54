import { alone, type Chorus } from '../../platform/crew/index.ts'

const windowMs = 60_000
const mostAddresses = 10_000

export interface AddressCounts {
  /** So often in this minute. */
  of(address: string): number
  /** Once more; answers how often that is. */
  add(address: string): number
}

/** Counts by address what comes within a minute. Processes that share the doors count together, each `topic` by itself. */
export function countByAddress(topic: string, now: () => number, chorus: Chorus = alone): AddressCounts {
  const windows = new Map<string, { until: number; count: number }>()
  const current = (address: string) => {
    const window = windows.get(address)
    return window && window.until > now() ? window : undefined
  }
  const count = (address: string): number => {
    const window = current(address) ?? { until: now() + windowMs, count: 0 }
    window.count += 1
    if (windows.size > mostAddresses) windows.clear()
    windows.set(address, window)
    return window.count
  }
  chorus.hear(topic, count)
  return {
    of: (address) => current(address)?.count ?? 0,
    add(address) {
      chorus.say(topic, address)
      return count(address)
    },
  }
}
