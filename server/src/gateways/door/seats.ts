/** How many may stand at a door. */
export interface SeatLimits {
  /** Connections that have not signed in yet, from one address. Beyond it a connection is closed at once. */
  unauthenticatedPerAddress: number
  /** All connections together, signed in or not. */
  connections: number
}

/** One connection's place at the door. Each function may be called more than once; only the first call counts. */
export interface Seat {
  /** The person has signed in: the connection no longer counts against its address. */
  signedIn(): void
  leave(): void
}

interface Waiting {
  leave(): void
  drop(): void
}

/**
 * Counts connections, so that nobody can occupy the door by opening connections and saying nothing. `take` answers why not, or a seat that must be
 * left when the connection closes. Where all seats are taken, and not all by people who have signed in, whoever comes gets the seat of
 * the connection that has waited longest of the address with the most of them, which is dropped: those who only wait keep nobody out.
 */
export function seats(limits: SeatLimits): {
  take(address: string, drop: () => void): Seat | 'address' | 'door'
} {
  /** By address, the oldest first. */
  const waiting = new Map<string, Set<Waiting>>()
  let all = 0

  const dropOne = (): boolean => {
    let most: Set<Waiting> | undefined
    for (const here of waiting.values()) if (here.size > (most?.size ?? 0)) most = here
    const [longest] = most ?? []
    longest?.leave()
    longest?.drop()
    return longest !== undefined
  }

  return {
    take(address, drop) {
      if ((waiting.get(address)?.size ?? 0) >= limits.unauthenticatedPerAddress) return all >= limits.connections ? 'door' : 'address'
      if (all >= limits.connections && !dropOne()) return 'door'
      all += 1

      const stopWaiting = once(() => {
        const left = waiting.get(address)
        left?.delete(mine)
        if (left?.size === 0) waiting.delete(address)
      })
      const leave = once(() => {
        stopWaiting()
        all -= 1
      })
      const mine = { leave, drop }
      const here = waiting.get(address) ?? new Set()
      waiting.set(address, here.add(mine))
      return { signedIn: stopWaiting, leave }
    },
  }
}

/** Of `ip:port`. */
export const addressOf = (from: string): string => from.replace(/:\d+$/, '')

function once(act: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    act()
  }
}
