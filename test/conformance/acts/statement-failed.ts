import { notOpened } from '../reasons.ts'
import { inSessions, rowsFor } from '../row.ts'

export default rowsFor(['postgres', 'mysql'], (wire) => ({
  act: 'a statement that fails',
  leaves: [/^statement "select nothing_of_the_sort" .*: failed/, /^statement "select concat.*: ok/],
  cells: inSessions(async (live) => {
    await live.run('select nothing_of_the_sort')
    await live.shows(/nothing_of_the_sort/)
    await live.run("select concat('seen-', 6 * 7)")
    await live.shows(/seen-42/)
  }, notOpened[wire]),
}))
