import { notOpened } from '../reasons.ts'
import { type Cell, rowsFor } from '../row.ts'
import { turnedAway } from '../turned-away.ts'
import { type Path, paths } from '../ways.ts'

const says = /the target refused/i

const at =
  (path: Path): Cell =>
  async (lane) => {
    await lane.grant()
    await lane.rotated()
    await lane.target.lock()
    try {
      await turnedAway(lane, path, says)
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
  cells: Object.fromEntries(paths.map((path) => [path, notOpened[wire][path] ?? at(path)])) as Record<Path, Cell>,
}))
