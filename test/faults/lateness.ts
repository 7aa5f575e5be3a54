import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** How late this machine is with the simplest of things: what a recorder promises for one that is fast enough, it cannot keep on one that is not. */
export interface Lateness {
  /** The worst since it was asked last, in milliseconds. */
  worst(): number
  stop(): Promise<void>
}

const everyMs = 100

/** Waits for a moment and brings a few bytes to the disk that has `folder`, again and again, as a recorder does. */
export function watchLateness(folder: string): Lateness {
  let worst = 0
  let over = false
  const looking = (async () => {
    const file = await open(join(folder, 'lateness'), 'w', 0o600)
    try {
      while (!over) {
        const began = performance.now()
        await sleep(everyMs)
        await file.write('a few bytes', 0)
        await file.datasync()
        worst = Math.max(worst, performance.now() - began - everyMs)
      }
    } finally {
      await file.close()
    }
  })()
  looking.catch(() => undefined)
  return {
    worst() {
      const now = worst
      worst = 0
      return now
    },
    async stop() {
      over = true
      await looking.catch(() => undefined)
    },
  }
}
