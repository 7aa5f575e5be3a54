import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** The network between us and a target, which a test can make bad. */
export interface Road {
  port: number
  /** Bytes so far, since the last `mend`: what the target was sent, and what it answered. */
  sent: number
  answered: number
  /** Cuts every connection for good once so many bytes went that way; the byte that is one too many is not delivered. */
  breakAfter(which: 'sent' | 'answered', bytes: number): void
  /** Holds each piece back for so many milliseconds. */
  slow(milliseconds: number): void
  /** Takes connections and delivers nothing. */
  silence(): void
  /** Nothing listens any more. */
  close(): Promise<void>
  /** All is well again, and the counting begins anew. Opens what was closed. */
  mend(): Promise<void>
}

/** Opens a road on a free port of 127.0.0.1 to that port of it. */
export async function openRoad(to: number): Promise<Road> {
  const sockets = new Set<Socket>()
  let broken = false
  let breaking: NodeJS.Timeout | undefined
  let limits = { sent: Number.POSITIVE_INFINITY, answered: Number.POSITIVE_INFINITY }
  let delay = 0
  let silent = false
  const cut = (): void => {
    broken = true
    for (const socket of sockets) socket.destroy()
  }
  const deliver = (which: 'sent' | 'answered', chunk: Buffer, into: Socket): void => {
    if (silent || broken) return
    const room = limits[which] - road[which]
    road[which] += Math.min(chunk.length, room)
    if (chunk.length <= room) {
      if (delay > 0) setTimeout(() => into.writable && into.write(chunk), delay)
      else into.write(chunk)
      return
    }
    if (room > 0) into.write(chunk.subarray(0, room))
    breaking ??= setTimeout(cut, 50) // so that what was delivered is also read
  }
  const server = createServer((near) => {
    if (broken) return void near.destroy()
    const far = connect(to, '127.0.0.1')
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket
        .on('error', () => {})
        .on('close', () => {
          sockets.delete(socket)
          setTimeout(() => other.destroy(), delay + 20)
        })
    }
    near.on('data', (chunk) => deliver('sent', chunk, far))
    far.on('data', (chunk) => deliver('answered', chunk, near))
  })
  const open = async (port: number) => void (await once(server.listen(port, '127.0.0.1'), 'listening'))
  await open(0)
  const road: Road = {
    ...{ port: (server.address() as AddressInfo).port, sent: 0, answered: 0 },
    breakAfter(which, bytes) {
      limits = { ...limits, [which]: bytes }
    },
    slow(milliseconds) {
      delay = milliseconds
    },
    silence() {
      silent = true
    },
    async close() {
      cut()
      if (server.listening) await new Promise((closed) => server.close(closed))
    },
    async mend() {
      if (breaking) cut() // what is about to break breaks now, and not what comes after
      clearTimeout(breaking)
      breaking = undefined
      limits = { sent: Number.POSITIVE_INFINITY, answered: Number.POSITIVE_INFINITY }
      ;[broken, silent, delay] = [false, false, 0]
      ;[road.sent, road.answered] = [0, 0]
      if (!server.listening) await open(road.port)
    },
  }
  return road
}
