import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/** How long somebody may take to hear why nothing opens. */
const patienceMs = 10_000
const mostVisitors = 100

/** A visitor of a door whose seal is closed. */
export interface Visitor {
  line: Socket
  /** TLS stands: what may be destroyed from now on instead of the line. */
  secured(socket: Duplex): void
}

/**
 * Listens where a door will open when the seal does, and lets `answer` say to each visitor why it does not. They learn nothing else and are
 * asked nothing; whoever stays is dropped. Rejects when the address cannot be listened on.
 */
export async function listenWhileSealed(
  listen: { host: string; port: number },
  answer: (visitor: Visitor) => void,
): Promise<{ port: number; close(): Promise<void> }> {
  const open = new Map<Socket, Duplex>()
  const server = createServer((line) => {
    open.set(line, line)
    const grace = setTimeout(() => open.get(line)?.destroy(), patienceMs)
    line.on('close', () => {
      clearTimeout(grace)
      open.delete(line)
    })
    line.on('error', () => open.get(line)?.destroy())
    answer({ line, secured: (socket) => void open.set(line, socket) })
  })
  server.maxConnections = mostVisitors
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(listen.port, listen.host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open.values()) socket.destroy()
      }),
  }
}
