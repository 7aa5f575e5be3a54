import type { World } from '../../server/src/keeper/test/world.ts'
import { beginRecording, lines } from './begin-recording.ts'

export const workingDay = 8 * 3600
/** Somebody types a command so often; its answer comes over the two seconds after it. */
const everySeconds = 12

export interface Day {
  session: string
  recordings: string
  /** Bytes of the file, chunks in it, and bytes that went to the screen. */
  bytes: number
  chunks: number
  shown: number
}

/** Eight hours of somebody's work in a terminal. */
export async function recordDay(world: World, seconds: number): Promise<Day> {
  const recorded = await beginRecording(world)
  for (let n = 0; n * everySeconds - everySeconds < seconds; n++) {
    const command = `journalctl -u orders -n ${20 + (n % 40)}`
    recorded.type(n * everySeconds, `${command}\r`)
    await recorded.show(n * everySeconds, `deploy@web01:~$ ${command}\r\n`)
    for (let part = 1; part <= 2; part++) await recorded.show(n * everySeconds + part, lines(n * 40, 10 + (n % 20)))
  }
  await recorded.end()
  const { session, recordings } = recorded
  return { session, recordings, ...recorded.size() }
}
