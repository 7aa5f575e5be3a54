import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Asks again and again until there is an answer; fails with what was waited for when there is none in time. How long something takes is not what is
 * asked: the bound is what a machine needs that does the work of twenty beside it.
 */
export async function until<T>(
  what: string | (() => string),
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  seconds = 60,
): Promise<T> {
  const end = performance.now() + seconds * 1000
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    if (performance.now() > end) throw new Error(`waited ${seconds} s for ${typeof what === 'string' ? what : what()}, in vain`)
    await sleep(100)
  }
}
