/** One timer for many deadlines that stand in the database: sleeps until the next one, and is told when that may have changed. */
export interface DeadlineTimer {
  /** Something changed: look again. */
  wake(): void
  /** Milliseconds since it last looked without an error, by the monotonic clock; it looks at least once a minute. */
  sinceLook(): number
  stop(): Promise<void>
}

// setTimeout counts in 32 bits; and a clock that was set is noticed within this time
const longestSleepMs = 60_000
const retryMs = 1_000
// what was due and is due still, because another server holds its row: not at once again
const sameAgainMs = 50

export function deadlineTimer(options: {
  next: () => Promise<Date | undefined>
  fire: () => Promise<void>
  onError: (error: unknown) => void
  /** By which deadlines are judged. */
  now?: () => Date
}): DeadlineTimer {
  const { now = () => new Date() } = options
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  let again = false
  let running: Promise<void> | undefined
  let failures = 0
  let last: number | undefined
  let looked = performance.now()

  const round = async (): Promise<void> => {
    let wait: number
    try {
      const due = await options.next()
      if (due !== undefined && due.getTime() <= now().getTime()) {
        await options.fire()
        wait = due.getTime() === last ? sameAgainMs : 0
        last = due.getTime()
      } else wait = due === undefined ? longestSleepMs : Math.min(longestSleepMs, Math.max(1, due.getTime() - now().getTime()))
      failures = 0
      looked = performance.now()
    } catch (error) {
      // ever more slowly: each try may leave an entry in the ledger
      wait = Math.min(longestSleepMs, retryMs * 2 ** failures++)
      options.onError(error)
    }
    if (!stopped) timer = setTimeout(wake, again ? 0 : wait)
    again = false
  }

  const wake = (): void => {
    if (stopped) return
    if (running) {
      again = true
      return
    }
    clearTimeout(timer)
    running = round().finally(() => {
      running = undefined
      if (again) {
        again = false
        wake()
      }
    })
  }
  wake()
  return {
    wake,
    sinceLook: () => performance.now() - looked,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
