import { call, session } from '@claviger/api'
import { by } from '../by.ts'
import { notOpened } from '../reasons.ts'
import { inSessions, rowsFor } from '../row.ts'

/** More time is asked for in a running session, and nobody else has to agree. */
export default rowsFor(['ssh', 'postgres', 'mysql'], (wire) => ({
  act: 'given more time',
  leaves: [/^access\./],
  cells: inSessions(async (live, lane, path) => {
    await by(lane, path, 'alice', {
      ask: (to) => call(to, session.renewSession, { params: { id: live.id }, body: { duration: '10m', reason: 'it takes longer' } }),
      command: ['sessions', 'renew', live.id, '--for', '10m', '--reason', 'it takes longer'],
    })
  }, notOpened[wire]),
}))
