import type { Clock } from '../../kernel/clock.ts'
import type { Beat } from './beat.ts'

/** Does something small again and again, one at a time, and remembers when it last worked. */
export function keepTrying(options: { clock: Clock; everyMs: number; attempt: () => Promise<void>; say: (error: unknown) => string }): {
  beat(): Beat
  stop(): void
} {
  const { clock, everyMs, attempt, say } = options
  let good = clock.monotonic()
  let cause: string | undefined
  let busy = false
  const once = async (): Promise<void> => {
    if (busy) return
    busy = true
    try {
      await attempt()
      good = clock.monotonic()
      cause = undefined
    } catch (error) {
      cause = say(error)
    } finally {
      busy = false
    }
  }
  const timer = setInterval(() => void once(), everyMs)
  timer.unref()
  void once()
  return {
    beat: () => ({ agoMs: Math.round(clock.monotonic() - good), ...(cause !== undefined && { cause }) }),
    stop: () => clearInterval(timer),
  }
}
