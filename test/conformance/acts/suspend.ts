import { live as api, call } from '@claviger/api'
import { by } from '../by.ts'
import { notOpened } from '../reasons.ts'
import { inSessions, rowsFor } from '../row.ts'

const reason = 'Wait for me.'

export default rowsFor(['ssh', 'postgres', 'mysql'], (wire) => ({
  act: 'suspended and resumed by an officer',
  leaves: [/^session\.suspend_ordered/, /^session\.resume_ordered/],
  cells: inSessions(async (live, lane, path) => {
    const body = { params: { id: live.id }, body: { reason } }
    await by(lane, path, 'carol', {
      ask: (to) => call(to, api.suspendSession, body),
      command: ['sessions', 'suspend', live.id, '--reason', reason],
    })
    await live.run(wire === 'ssh' ? 'echo seen-$((6*7))' : "select concat('seen-', 6 * 7)")
    await by(lane, path, 'carol', {
      ask: (to) => call(to, api.resumeSession, body),
      command: ['sessions', 'resume', live.id, '--reason', reason],
    })
    await live.shows(/seen-42/)
  }, notOpened[wire]),
}))
