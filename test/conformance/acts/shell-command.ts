import { notOpened } from '../reasons.ts'
import { inSessions, rowsFor } from '../row.ts'

export default rowsFor(['ssh'], (wire) => ({
  act: 'a command in a shell',
  leaves: [/^command echo seen-/, /on the screen seen-42/, /proven by its echo/],
  cells: inSessions(async (live) => {
    await live.run('echo seen-$((6*7))')
    await live.shows(/seen-42/)
  }, notOpened[wire]),
}))
