import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { Place } from '../../platform/crew/index.ts'
import { type SeatLimits, seats } from './seats.ts'

/** Lets another process carry a connection of which nothing was read; false: it is carried here. */
export type Pass = (line: Socket, place: Place) => boolean

export interface EntranceOptions {
  /** Undefined: another process listens, and connections come from there. Port 0 takes a free one. */
  listen: { host: string; port: number } | undefined
  limits: SeatLimits
  /** Whom there is no seat for: too many from their address, or too many. */
  full(line: Socket, why: 'address' | 'door'): void
  admit(line: Socket, from: string, place: Place): void
  pass?: Pass | undefined
  fault(error: Error): void
}

export interface Entrance {
  /** 0 where another process listens. */
  port: number
  /** A seat for somebody who came another way, or why there is none. */
  seat(address: string): Place | 'address' | 'door'
  close(): Promise<void>
}

/** Where connections come in, one seat each. Rejects when the address cannot be listened on. */
export async function openEntrance({ listen, limits, full, admit, pass, fault }: EntranceOptions): Promise<Entrance> {
  const places = seats(limits)
  const seat = (address: string): Place | 'address' | 'door' => {
    let drop: () => void = () => undefined
    const taken = places.take(address, () => drop())
    if (typeof taken === 'string') return taken
    return {
      ...taken,
      onDrop(next) {
        drop = next
      },
    }
  }
  if (!listen) return { port: 0, seat, close: async () => undefined }

  // what is read here cannot be passed on: nothing is, until that is decided
  const options = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000, pauseOnConnect: pass !== undefined }
  const server = createServer(options, (line) => {
    line.on('error', () => {})
    const address = line.remoteAddress ?? ''
    const from = addressAndPort(line)
    const place = seat(address)
    if (typeof place === 'string') {
      begin(line)
      return full(line, place)
    }
    place.onDrop(() => line.destroy())
    if (pass?.(line, place)) return
    begin(line)
    admit(line, from, place)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(listen.port, listen.host, () => resolve(server.removeListener('error', reject) && undefined))
  })
  server.on('error', fault)
  return {
    port: (server.address() as AddressInfo).port,
    seat,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** Of the other end, `ip:port`. */
export const addressAndPort = (line: Socket): string => `${line.remoteAddress ?? ''}:${line.remotePort}`

/**
 * As if it had never been paused. `resume` would let bytes flow to nobody: who takes the line asks for its bytes in a way of their own, and
 * may do so later (Node's documentation, "Three states").
 */
function begin(line: Socket): void {
  if (line.readableFlowing !== false) return
  ;(line as { readableFlowing: boolean | null }).readableFlowing = null
  line.read(0)
}
