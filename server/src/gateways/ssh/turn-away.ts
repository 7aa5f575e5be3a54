import type { Socket } from 'node:net'
import type { Clock } from '../../kernel/clock.ts'
import type { GatewayLog } from '../door/log.ts'

/** How long a peer may keep a connection half open that we have closed. */
export const lingerMs = 3_000
/** Connections that are being told at the same time; beyond it they are dropped without a word. */
const mostTold = 100
const logEveryMs = 10_000

/** Closes connections that are over a limit with a line that says so, and logs how many at most every ten seconds. */
export function turnAway(clock: Clock, log: GatewayLog): (socket: Socket, limit: 'address' | 'door') => void {
  let told = 0
  let since = 0
  let quietUntil = 0

  return (socket, limit) => {
    since += 1
    if (clock.monotonic() >= quietUntil) {
      log.warn({ from: socket.remoteAddress, limit, connections: since }, 'connections were turned away')
      quietUntil = clock.monotonic() + logEveryMs
      since = 0
    }
    if (told >= mostTold) return void socket.destroy()
    told += 1
    const timer = setTimeout(() => socket.destroy(), lingerMs)
    socket.once('close', () => {
      told -= 1
      clearTimeout(timer)
    })
    // read, so that what the client has sent already does not turn our line into a reset
    socket.resume()
    socket.end(`Too many connections${limit === 'address' ? ' from your address' : ''}. Try again later.\r\n`)
  }
}
