import { call, session } from '@claviger/api'
import { by } from '../by.ts'
import { notOpened } from '../reasons.ts'
import { inSessions, rowsFor } from '../row.ts'

const reason = 'not what was agreed'

export default rowsFor(['ssh', 'postgres', 'mysql'], (wire) => ({
  act: 'ended by an officer',
  leaves: [/^session\.end_ordered/, /^session\.ended .*reason=ended_by_officer/],
  cells: inSessions(async (live, lane, path) => {
    await by(lane, path, 'carol', {
      ask: (to) => call(to, session.endSession, { params: { id: live.id }, body: { reason } }),
      command: ['sessions', 'end', live.id, '--reason', reason],
    })
    // the client of MySQL hears of it with its next statement, which would be one of the session were it not over yet
    if (wire === 'mysql') {
      await lane.over(live.id)
      await live.run("select concat('seen-', 6 * 7)")
    }
    return 'over'
  }, notOpened[wire]),
}))
