import type { Lane } from '../lane.ts'
import { ticketFor } from '../paths/native.ts'
import { openSqlPage } from '../paths/web.ts'
import { notOpened } from '../reasons.ts'
import { type Cell, rowsFor } from '../row.ts'
import { type Path, paths, type Wire } from '../ways.ts'

const says = /the target refused/i

/** A page of SQL is waited for until it is ready, and a library until it is in: neither comes to that here. */
async function open(lane: Lane, wire: Wire, path: Path): Promise<void> {
  const sql = path === 'web' && wire !== 'ssh'
  try {
    const opened = sql ? await openSqlPage(lane, await ticketFor(lane)) : await lane.world.openers[path][wire]?.(lane)
    await opened?.shows(says)
    await opened?.gone()
  } catch (error) {
    if (path !== 'api' || !says.test(String(error))) throw error
  }
}

const at =
  (wire: Wire, path: Path): Cell =>
  async (lane) => {
    await lane.grant()
    await lane.rotated()
    await lane.target.lock()
    try {
      await open(lane, wire, path)
      await lane.sees('session.ended')
    } finally {
      await lane.target.unlock()
      // what the vault did about a credential that was refused
      await lane.rotated()
    }
  }

/** The account was locked at the target, behind our back. */
export default rowsFor(['ssh', 'postgres', 'mysql'], (wire) => ({
  act: 'the target refuses the login',
  leaves: [/^session\.ended .*reason=target_failed/],
  cells: Object.fromEntries(paths.map((path) => [path, notOpened[wire][path] ?? at(wire, path)])) as Record<Path, Cell>,
}))
