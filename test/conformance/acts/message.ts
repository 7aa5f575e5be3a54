import { live as api, call } from '@claviger/api'
import { by } from '../by.ts'
import { notOpened } from '../reasons.ts'
import { inSessions, rowsFor } from '../row.ts'

/** An officer says something to the person; MySQL's protocol has no way to show it. */
export default rowsFor(['ssh', 'postgres', 'mysql'], (wire) => ({
  act: "an officer's message",
  leaves: [/^session\.message_ordered .*Please stop at five/],
  cells: inSessions(async (live, lane, path) => {
    const message = 'Please stop at five.'
    await by(lane, path, 'carol', {
      ask: (to) => call(to, api.messageSession, { params: { id: live.id }, body: { message } }),
      command: ['sessions', 'message', live.id, message],
    })
    // a client of databases reads notices with its next answer
    if (wire !== 'ssh') await live.run("select concat('seen-', 6 * 7)")
    await live.shows(wire === 'ssh' ? /Please stop at five/ : /seen-42/)
  }, notOpened[wire]),
}))
