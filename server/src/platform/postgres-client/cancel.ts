import type { Socket } from 'node:net'
import type { Result } from '../../kernel/result.ts'
import { type CancelKey, cancelRequest } from '../../protocols/postgres/index.ts'
import { type PostgresServer, proveServer } from './connect.ts'
import { readIdentity } from './identity.ts'

type Dial = (host: string, port: number) => Promise<Result<Socket, { code: string; detail: string }>>

/**
 * Asks the server to cancel what runs in the session of this key, on a connection of its own. The server answers nothing:
 * it closes the connection when it has done so. Never throws; a server that does not prove who it is gets no key.
 */
export async function cancelStatement(dial: Dial, server: PostgresServer, key: CancelKey, patience: number): Promise<void> {
  const identity = readIdentity(server.identity, server.tls)
  if (!identity) return
  const dialled = await dial(server.host, server.port)
  if (!dialled.ok) return
  const talk = { socket: dialled.value }
  dialled.value.on('error', () => {})
  const deadline = setTimeout(() => talk.socket.destroy(), patience)
  const proven = await proveServer(talk, server, identity)
  if (proven.ok) {
    await new Promise<void>((resolve) => {
      talk.socket.on('error', () => {}).once('close', resolve)
      talk.socket.resume()
      talk.socket.write(cancelRequest(key.processId, key.secret))
      if (talk.socket.destroyed) resolve()
    })
  }
  clearTimeout(deadline)
  talk.socket.destroy()
}
