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

/**
 * Counts connections, so that nobody can occupy the door by opening connections and saying nothing.
 * `take` answers why not, or a seat that must be left when the connection closes.
 */
export function seats(limits: SeatLimits): {
  take(address: string): Seat | 'address' | 'door'
} {
  const waiting = new Map<string, number>()
  let all = 0

  return {
    take(address) {
      if (all >= limits.connections) return 'door'
      const here = waiting.get(address) ?? 0
      if (here >= limits.unauthenticatedPerAddress) return 'address'
      waiting.set(address, here + 1)
      all += 1

      const stopWaiting = once(() => {
        const left = (waiting.get(address) ?? 1) - 1
        if (left > 0) waiting.set(address, left)
        else waiting.delete(address)
      })
      return {
        signedIn: stopWaiting,
        leave: once(() => {
          stopWaiting()
          all -= 1
        }),
      }
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
