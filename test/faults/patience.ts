import { setTimeout as sleep } from 'node:timers/promises'

/** What was tried for long and never came about; the message ends with the last thing that was in the way. */
export class InVain extends Error {}

/**
 * Tries until there is an answer, whatever is in the way meanwhile: a person who tries again while the server comes back.
 * `undefined` and an exception both mean "not yet".
 */
export async function persist<T>(what: string, seconds: number, attempt: () => Promise<T | undefined>): Promise<T> {
  const end = performance.now() + seconds * 1000
  let last = 'nothing was said'
  for (;;) {
    try {
      const answer = await attempt()
      if (answer !== undefined) return answer
    } catch (error) {
      last = error instanceof Error ? error.message : String(error)
    }
    if (performance.now() > end) throw new InVain(`${what}: ${seconds} s in vain; last: ${last}`)
    await sleep(300)
  }
}
