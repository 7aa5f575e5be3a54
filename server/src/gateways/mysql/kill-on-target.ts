import { connectMysql, readPacket } from '../../platform/mysql-client/index.ts'
import { command, packet } from '../../protocols/mysql/index.ts'
import type { Dial } from '../../targets/contract.ts'
import type { LiveSession } from '../contract.ts'
import { serverOf } from './upstream.ts'

const patienceMs = 5_000

/**
 * Ends a session's connection at its target with what runs in it, and what that did is taken back. MySQL takes such an order only from somebody who is
 * logged in: so once more as the account, which may do that to its own connections. Never rejects; where the target does not let it in (its password
 * was changed meanwhile, it may have one connection only) a statement goes on until the server notices that nobody listens.
 */
export async function killOnTarget(live: LiveSession, connection: number, dial: Dial): Promise<void> {
  const server = serverOf(live)
  // a copy at once: it is wiped when the session is over
  const password = live.scrub?.copy()
  if (!server || !password) return
  try {
    const login = { user: live.login.account, password }
    const connected = await connectMysql(dial, server, login, patienceMs)
    if (!connected.ok) return
    const { socket } = connected.value
    const deadline = setTimeout(() => socket.destroy(), patienceMs)
    socket.write(packet(0, Buffer.concat([Buffer.from([command.query]), Buffer.from(`kill ${connection}`)])))
    await readPacket(socket, 1)
    clearTimeout(deadline)
    socket.destroy()
  } catch {
    // whatever the target does: the session is over on our side
  } finally {
    password.wipe()
  }
}
