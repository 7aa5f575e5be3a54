import type { Duplex } from 'node:stream'
import { queryMessage } from '../../protocols/postgres/index.ts'
import { readMessage } from './read-message.ts'

/** So many messages at most stand between the question and the end of its answer. */
const mostMessages = 50

/**
 * On a connection that is logged in: ends another one of the same role, with what runs in it and what waits behind that. False where the server
 * has no such connection, or does not end it: what gave us the number may be no server but a pool of connections in front of one.
 */
export async function terminateBackend(socket: Duplex, processId: number): Promise<boolean> {
  if (!Number.isSafeInteger(processId) || processId < 0) return false
  const own = 'usename operator(pg_catalog.=) current_user'
  socket.write(
    queryMessage(
      `select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity where pid operator(pg_catalog.=) ${processId} and ${own}`,
    ),
  )
  let ended = false
  for (let count = 0; count < mostMessages; count++) {
    const message = await readMessage(socket)
    if (!message || message.type === 'E') return false
    // DataRow: one column of one byte, `t` where the signal was sent
    if (message.type === 'D') ended = message.body.at(-1) === 't'.charCodeAt(0)
    if (message.type === 'Z') return ended
  }
  return false
}
