import { type Clock, systemClock } from './clock.ts'

/*
 * A wall clock may be set, by mistake or by somebody who wants a grant to last longer. The monotonic clock cannot, but forgets
 * with the process. A steady clock takes the wall's word only where it does not go back behind what was believed before.
 *
 * - believed: a time that has certainly come: what was kept over a restart, and what has passed since by the monotonic clock
 * - now: the later of wall and believed, so that whatever ends never ends later because a clock was set back
 *
 * A wall clock that is ahead of what is believed counts for `now` at once (what ends early does no harm), but is believed only after it has
 * gone evenly for ten minutes: a time service that is wrong for a moment does not hold the server in the future.
 */
export interface SteadyClock extends Clock {
  /** It is at least this late: kept over a restart, or said by the keeper. */
  raise(to: Date): void
  /** Undefined as long as nobody said anything and the wall has not gone evenly for ten minutes. */
  believed(): Date | undefined
  /** How far the wall clock is behind, ms; 0 when it is not. */
  behindMs(): number
}

const evenForMs = 600_000
/** Less is what a time service does in passing, not somebody who sets the clock. */
const stepMs = 1_000
/** A little slower than time: a small step back, as time services make, is caught up with. An hour can become 3.6 s longer by it. */
const pace = 0.999

export function createSteadyClock(from: Clock = systemClock): SteadyClock {
  let base: { wall: number; mono: number } | undefined
  let even = { difference: from.now().getTime() - from.monotonic(), since: from.monotonic() }

  const look = (): { wall: number; least: number | undefined } => {
    const [wall, mono] = [from.now().getTime(), from.monotonic()]
    const stepped = Math.abs(wall - mono - even.difference) > stepMs
    even = { difference: wall - mono, since: stepped ? mono : even.since }
    const least = base && base.wall + (mono - base.mono) * pace
    if (mono - even.since < evenForMs || (least !== undefined && wall < least)) return { wall, least }
    base = { wall, mono }
    return { wall, least: wall }
  }

  return {
    monotonic: from.monotonic,
    now() {
      const { wall, least = wall } = look()
      return new Date(Math.max(wall, least))
    },
    believed() {
      const { least } = look()
      return least === undefined ? undefined : new Date(least)
    },
    behindMs() {
      const { wall, least = wall } = look()
      return Math.max(0, least - wall)
    },
    raise(to) {
      const { least } = look()
      if (least === undefined || to.getTime() > least) base = { wall: to.getTime(), mono: from.monotonic() }
    },
  }
}
