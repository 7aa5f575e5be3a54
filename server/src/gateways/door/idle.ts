import type { Clock } from '../../kernel/clock.ts'

/** How long before the end an idle person is told. */
const noticeMs = 60_000

/**
 * Ends what nobody uses. `touch` costs one reading of the clock, so that it can be called for every piece of data;
 * the timer looks at it only when it fires.
 */
export function watchIdle(
  limitMs: number,
  // while `busy` says so it is in use, whatever passes
  { clock, warn, idle, busy = () => false }: { clock: Clock; warn(): void; idle(): void; busy?: () => boolean },
): { touch(): void; stop(): void } {
  let last = clock.monotonic()
  let warned = false
  let timer: NodeJS.Timeout
  const warnAfter = limitMs > 2 * noticeMs ? limitMs - noticeMs : limitMs

  const look = () => {
    if (busy()) touch()
    const quiet = clock.monotonic() - last
    if (quiet >= limitMs) return idle()
    if (quiet >= warnAfter && !warned) {
      warned = true
      warn()
    }
    arm((quiet >= warnAfter ? limitMs : warnAfter) - quiet)
  }
  const arm = (wait: number) => {
    timer = setTimeout(look, Math.ceil(wait))
  }
  const touch = () => {
    last = clock.monotonic()
    warned = false
  }
  arm(warnAfter)
  return {
    touch,
    stop: () => clearTimeout(timer),
  }
}
