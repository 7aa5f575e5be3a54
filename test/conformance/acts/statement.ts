import { notOpened } from '../reasons.ts'
import { inSessions, rowsFor } from '../row.ts'

export default rowsFor(['postgres', 'mysql'], (wire) => ({
  act: 'a statement that succeeds',
  leaves: [/^statement "select concat.*: ok, 1 rows/],
  cells: inSessions(async (live) => {
    await live.run("select concat('seen-', 6 * 7)")
    await live.shows(/seen-42/)
  }, notOpened[wire]),
}))
