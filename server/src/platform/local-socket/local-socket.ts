import { chmodSync, rmSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** Unix sockets between our own processes, the only sockets outside gateways and the dialer. */
export async function listenLocally(path: string, mode: number, onConnection: (socket: Socket) => void): Promise<Server> {
  rmSync(path, { force: true })
  const server = createServer(onConnection)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => resolve())
  })
  chmodSync(path, mode)
  return server
}

export async function connectLocally(path: string): Promise<Socket> {
  const socket = connect(path)
  return await new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.removeListener('error', reject)
      resolve(socket)
    })
  })
}

const held = new WeakSet<Socket>()

/** What is written in this turn of the loop goes out together: one call of the system, and whoever reads it has it in one piece. */
export function holdForTurn(socket: Socket): void {
  if (held.has(socket)) return
  held.add(socket)
  socket.cork()
  process.nextTick(() => {
    held.delete(socket)
    socket.uncork()
  })
}

export type { Server, Socket }
