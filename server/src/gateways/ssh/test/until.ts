import { setTimeout as delay } from 'node:timers/promises'

/** Waits until `holds`, looking at most 400 times. */
export async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (holds()) return
    await delay(25)
  }
  throw new Error(`it did not come to: ${holds}`)
}
