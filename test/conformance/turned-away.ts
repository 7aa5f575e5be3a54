import type { Lane } from './lane.ts'
import { ticketFor } from './paths/native.ts'
import { openSqlPage } from './paths/web.ts'
import type { Path } from './ways.ts'

/** Comes by a path, hears the sentence and is gone. A page of SQL is waited for until it is ready, and a library until it is in: neither comes to that here. */
export async function turnedAway(lane: Lane, path: Path, says: RegExp): Promise<void> {
  const { wire } = lane
  const sql = path === 'web' && wire !== 'ssh'
  try {
    const opened = sql ? await openSqlPage(lane, await ticketFor(lane)) : await lane.world.openers[path][wire]?.(lane)
    await opened?.shows(says)
    await opened?.gone()
  } catch (error) {
    if (path !== 'api' || !says.test(String(error))) throw error
  }
}
