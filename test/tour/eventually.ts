import { setTimeout as sleep } from 'node:timers/promises'
import { patience } from './arguments.ts'
import { NotAsPromised } from './proof.ts'

/** Asks again and again until there is an answer; ends with what was waited for when there is none within `seconds` of a quiet machine. */
export async function eventually<T>(what: string, seconds: number, ask: () => Promise<T | undefined>): Promise<T> {
  const until = performance.now() + seconds * patience * 1000
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (performance.now() > until) throw new NotAsPromised(`waited ${seconds} s for ${what}, in vain`)
    await sleep(250)
  }
}
