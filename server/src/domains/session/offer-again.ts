import { setTimeout as sleep } from 'node:timers/promises'
import type { OpenSessionDeps } from './opening.ts'
import { noOutages } from './outages.ts'

const tries = 120
const everyMs = 1_000

/**
 * Writes how something ended. A database that is away must not lose it: it is offered again until it is taken, however long that is; anything else
 * that goes wrong gets its tries. What is not written in the end, recovery writes after a restart.
 */
export async function offerAgain(
  { outages = noOutages, log }: Pick<OpenSessionDeps, 'outages' | 'log'>,
  what: string,
  write: () => Promise<void>,
  pauseMs = everyMs,
): Promise<boolean> {
  for (let [attempt, told] = [1, false]; ; ) {
    try {
      await write()
      return true
    } catch (error) {
      if (!told) log(`${what} is not recorded yet: ${error instanceof Error ? error.message : String(error)}`)
      told = true
      if (outages.databaseAwayMs() === 0 && attempt++ >= tries) return false
      await sleep(pauseMs)
    }
  }
}
