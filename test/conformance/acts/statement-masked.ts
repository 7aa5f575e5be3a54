import { notOpened } from '../reasons.ts'
import { inSessions, rowsFor } from '../row.ts'

/** The recording has no password that a statement sets, by whichever path it came. */
export default rowsFor(['postgres', 'mysql'], (wire) => ({
  act: 'a statement with a password in it',
  leaves: [/^statement .*\[masked\].* \(masked\)/],
  cells: inSessions(async (live) => {
    await live.run(
      wire === 'postgres'
        ? "alter role nobody_there password 'very secret indeed'"
        : "set password for nobody_there = password('very secret indeed')",
    )
    await live.run("select concat('seen-', 6 * 7)")
    await live.shows(/seen-42/)
  }, notOpened[wire]),
}))
