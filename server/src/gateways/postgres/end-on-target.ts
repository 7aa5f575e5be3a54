import { cancelStatement, connectPostgres, type LoggedIn, terminateBackend } from '../../platform/postgres-client/index.ts'
import type { Dial } from '../../targets/contract.ts'
import type { LiveSession } from '../contract.ts'
import { serverOf } from './upstream.ts'

const patienceMs = 5_000

/**
 * Ends a session's connection at its target, with what runs in it. Told to cancel, a server stops what runs and goes on with what the client sent ahead;
 * an order to end the connection it takes only from somebody who is logged in: so once more as the account, which may do that to its own connections.
 * Where the target does not let it in (its password was changed meanwhile, it may have one connection only) what runs is cancelled. Never rejects.
 */
export async function endOnTarget(live: LiveSession, { cancelKey }: LoggedIn, database: string, dial: Dial): Promise<void> {
  if (!cancelKey) return
  const ended = await terminated(live, cancelKey.processId, database, dial).catch(() => false)
  if (!ended) await cancelStatement(dial, serverOf(live), cancelKey, patienceMs)
}

async function terminated(live: LiveSession, processId: number, database: string, dial: Dial): Promise<boolean> {
  // a copy at once: it is wiped when the session is over
  const password = live.scrub?.copy()
  if (!password) return false
  try {
    const login = { role: live.login.account, password, database, parameters: { application_name: 'claviger' } }
    const connected = await connectPostgres(dial, serverOf(live), login, patienceMs)
    if (!connected.ok) return false
    const { socket } = connected.value
    const deadline = setTimeout(() => socket.destroy(), patienceMs)
    const ended = await terminateBackend(socket, processId)
    clearTimeout(deadline)
    socket.destroy()
    return ended
  } finally {
    password.wipe()
  }
}
