import { connectLocally, type Socket } from '../../platform/local-socket/local-socket.ts'
import type { Hello, WebWire } from './hello.ts'

/** From the console's server to a door of the gateway beside it, for a browser at `from` (`ip:port`). Rejects when no gateway is there. */
export async function connectWebDoor(door: { path: string; token: string }, wire: WebWire, from: string): Promise<Socket> {
  const socket = await connectLocally(door.path)
  socket.on('error', () => {})
  socket.write(`${JSON.stringify({ token: door.token, wire, from } satisfies Hello)}\n`)
  return socket
}
