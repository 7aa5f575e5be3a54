import { setTimeout as delay } from 'node:timers/promises'

/** Waits until `holds`, a minute at most: far longer than it takes where nothing is wrong, on a machine that does much else as well. */
export async function until(holds: () => boolean): Promise<void> {
  for (const end = performance.now() + 60_000; !holds(); await delay(25)) {
    if (performance.now() > end) throw new Error(`it did not come to: ${holds}`)
  }
}
