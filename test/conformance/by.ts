import type { Call, Transport } from '@claviger/api'
import { must, type Person } from '../support/person.ts'
import type { Lane } from './lane.ts'
import type { Path } from './ways.ts'

/** What is asked of the server by a path's own means: the console's cookie, the command line, or else the API with a token. */
export async function by<T>(
  lane: Lane,
  path: Path,
  who: 'alice' | 'carol',
  how: { ask: (to: Transport) => Promise<Call<T>>; command: readonly string[] },
): Promise<void> {
  const person: Person = lane[who]
  if (path === 'cli') {
    const ran = await lane.cli(who, ...how.command)
    if (ran.status !== 0) throw new Error(`claviger ${how.command.join(' ')}: ${ran.said}`)
  } else must(await how.ask(path === 'web' ? lane.browser(person) : person.api))
}
