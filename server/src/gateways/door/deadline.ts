import type { Clock } from '../../kernel/clock.ts'
import { formatDuration } from '../../kernel/duration.ts'

/** Before the end, in milliseconds. A warning is given only when the grant was longer than that. */
const warnings = [15 * 60_000, 5 * 60_000, 60_000, 10_000] as const
/** Node's timers cannot wait longer than 2^31 ms; a day is as good. */
const longestWait = 24 * 3_600_000

/** The next thing to do when `left` milliseconds remain: wait so long, then warn (or end). */
export function nextMoment(left: number): { wait: number; warnAt: number | undefined } {
  const warnAt = warnings.find((at) => at < left)
  return { wait: Math.min(left - (warnAt ?? 0), longestWait), warnAt }
}

export interface Deadline {
  /** The grant was given more time: the end is so far from now, in milliseconds. An earlier end than the one that stands is not taken. */
  extend(remainingMs: number): void
  stop(): void
}

/**
 * Ends a session when its grant ends, by this process's own monotonic clock: neither a changed wall clock nor a database
 * that is gone moves it. `ended` is called once, never before the end.
 */
export function watchDeadline(
  remainingMs: number,
  { clock, warn, ended, what = 'This grant' }: { clock: Clock; warn(sentence: string, leftMs: number): void; ended(): void; what?: string },
): Deadline {
  let end = clock.monotonic() + remainingMs
  let over = false
  let timer: NodeJS.Timeout

  const arm = (left: number) => {
    const { wait, warnAt } = nextMoment(left)
    timer = setTimeout(() => {
      const now = end - clock.monotonic()
      if (now <= 0) {
        over = true
        return ended()
      }
      // a timer may fire a little early: then neither the warning nor the end is due yet
      if (warnAt !== undefined && now <= warnAt) {
        warn(`${what} ends in ${formatDuration(warnAt / 1000)}.`, warnAt)
        return arm(Math.min(now, warnAt))
      }
      arm(now)
    }, Math.ceil(wait))
  }
  arm(Math.max(0, remainingMs))
  return {
    extend(more) {
      const later = clock.monotonic() + more
      if (over || later <= end) return
      end = later
      clearTimeout(timer)
      warn(`${what} was given more time: it ends in ${formatDuration(Math.round(more / 1000))}.`, more)
      arm(more)
    },
    stop() {
      over = true
      clearTimeout(timer)
    },
  }
}
