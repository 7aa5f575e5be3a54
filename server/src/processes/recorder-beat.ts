import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '../kernel/clock.ts'
import { keepTrying } from '../platform/watch/stopwatch.ts'

const everyMs = 10_000

/** Whether the recorder could write now: a few bytes in the folder of the recordings, synced, every ten seconds. Without it no session opens. */
export function recorderBeat(folder: string) {
  return keepTrying({
    ...{ clock: systemClock, everyMs },
    async attempt() {
      const file = await open(join(folder, '.beat'), 'w', 0o640)
      try {
        await file.write(`${systemClock.now().toISOString()}\n`)
        await file.sync()
      } finally {
        await file.close()
      }
    },
    say: (error) => `Recordings cannot be written, so no session opens: ${error instanceof Error ? error.message : String(error)}`,
  })
}
