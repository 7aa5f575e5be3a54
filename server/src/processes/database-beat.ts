import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Clock } from '../kernel/clock.ts'
import { keepTrying } from '../platform/watch/stopwatch.ts'

const everyMs = 1_000
/** One that takes a question and answers nothing is away as well. */
const patienceMs = 5_000

/** For how long the database has not answered this process. */
export function databaseBeat(pool: pg.Pool, clock: Clock): { awayMs(): number; stop(): void } {
  const trying = keepTrying({
    ...{ clock, everyMs },
    async attempt() {
      const asked = pool.query('select 1').then(() => true)
      asked.catch(() => undefined)
      if (!(await Promise.race([asked, sleep(patienceMs, false, { ref: false })]))) throw new Error('it does not answer')
    },
    say: (error) => String(error),
  })
  return {
    awayMs() {
      const { agoMs, cause } = trying.beat()
      // without a cause it is we who were stopped or late
      return cause === undefined ? 0 : Math.max(1, agoMs)
    },
    stop: trying.stop,
  }
}
