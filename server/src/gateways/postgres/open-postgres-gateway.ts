import type { AddressInfo, Socket } from 'node:net'
import { createServer } from 'node:net'
import type { Duplex } from 'node:stream'
import { systemClock } from '../../kernel/clock.ts'
import { within } from '../../kernel/within.ts'
import type { Dial } from '../../targets/contract.ts'
import type { SessionHost } from '../contract.ts'
import type { GatewayLog } from '../door/log.ts'
import { createRunning } from '../door/running.ts'
import { type Seat, seats } from '../door/seats.ts'
import { createCancelKeys } from './cancel-keys.ts'
import { firstPackets } from './first-packets.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { type RunDeps, runSession } from './run-session.ts'
import { sqlStates, turnAway } from './say.ts'
import { signIn } from './sign-in.ts'
import { type DoorCertificate, secureContextOf } from './start-tls.ts'

export interface PostgresGatewayOptions {
  host: SessionHost
  /** Port 0 takes a free one. */
  listen: { host: string; port: number }
  /** What the door shows first; `renew` puts another one in its place. */
  certificate: DoorCertificate
  /** The only way to targets. */
  dial: Dial
  log: GatewayLog
  limits?: Partial<Limits>
}

export interface PostgresGateway {
  port: number
  /** For connections from now on. */
  renew(certificate: DoorCertificate): void
  /** Takes no more connections, ends every session as `shutting_down`, and waits until each is written down (10 s at most). */
  close(): Promise<void>
}

const closingMs = 10_000
/** Connections that are being told so at the same time; beyond it they are dropped without a word. */
const mostTold = 100
const tooMany = 'Too many connections. Try again later.'

/** Opens the PostgreSQL door. Rejects when the address cannot be listened on. */
export async function openPostgresGateway(options: PostgresGatewayOptions): Promise<PostgresGateway> {
  const { host, dial, log, listen } = options
  const limits: Limits = { ...defaultLimits, ...options.limits }
  const cancelKeys = createCancelKeys(limits.cancels)
  const deps: RunDeps = { host, dial, log, limits, clock: systemClock, running: createRunning(), cancelKeys }
  const places = seats(limits)
  /** Every connection, and what may be destroyed of it: the line itself, or what is secured above it. */
  const visitors = new Map<Socket, Duplex>()
  let secureContext = secureContextOf(options.certificate)

  let told = 0
  const sayFull = (line: Socket) => {
    if (told >= mostTold) return line.destroy()
    told += 1
    line.once('close', () => {
      told -= 1
    })
    return turnAway(line, sqlStates.tooMany, tooMany)
  }

  const net = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 }, (line) => {
    const address = line.remoteAddress ?? ''
    const from = `${address}:${line.remotePort}`
    line.on('error', () => {})
    const seat = places.take(address)
    if (typeof seat === 'string') return sayFull(line)
    visitors.set(line, line)
    const grace = setTimeout(() => visitors.get(line)?.destroy(), limits.graceMs)
    line.once('close', () => {
      visitors.delete(line)
      clearTimeout(grace)
      seat.leave()
    })
    receive(line, from, seat, grace).catch((error: unknown) => {
      log.error({ error, from }, 'a connection ended by a fault')
      visitors.get(line)?.destroy()
    })
  })

  async function receive(line: Socket, from: string, seat: Seat, grace: NodeJS.Timeout): Promise<void> {
    const wish = await firstPackets(line, {
      secureContext: () => secureContext,
      malformed: (what) => host.malformed('postgres', from, what),
      secured: (socket) =>
        void visitors.set(
          line,
          socket.on('error', () => {}),
        ),
    })
    if (!wish) return
    const { socket, asks } = wish
    if (asks.kind === 'cancel') {
      await cancelKeys.use(asks)
      return void socket.destroy()
    }
    const who = await signIn(socket, asks, from, host)
    if (!who) return
    clearTimeout(grace)
    seat.signedIn()
    runSession(socket, who, deps)
  }

  await new Promise<void>((resolve, reject) => {
    net.once('error', reject)
    net.listen(listen.port, listen.host, () => resolve(net.removeListener('error', reject) && undefined))
  })
  net.on('error', (error) => log.error({ error }, 'the PostgreSQL door has a fault'))

  return {
    port: (net.address() as AddressInfo).port,
    renew(certificate) {
      secureContext = secureContextOf(certificate)
    },
    async close() {
      const closed = new Promise<void>((resolve) => net.close(() => resolve()))
      await within(closingMs, deps.running.endAll())
      const gone = setTimeout(() => {
        for (const socket of visitors.values()) socket.destroy()
      }, 500)
      await closed
      clearTimeout(gone)
    },
  }
}
