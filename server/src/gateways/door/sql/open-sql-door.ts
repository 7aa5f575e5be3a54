import { type AddressInfo, createServer, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { SecureContext } from 'node:tls'
import { systemClock } from '../../../kernel/clock.ts'
import { within } from '../../../kernel/within.ts'
import { watchLine } from '../../../platform/dialer/index.ts'
import type { Dial } from '../../../targets/contract.ts'
import type { SessionHost, Way } from '../../contract.ts'
import type { GatewayLog } from '../log.ts'
import { createRunning } from '../running.ts'
import { addressOf, type Seat, seats } from '../seats.ts'
import { type DoorCertificate, secureContextOf } from '../start-tls.ts'
import type { SqlLimits } from './limits.ts'
import { type RunDeps, runSession } from './run-session.ts'
import type { Visit } from './wire.ts'

export interface SqlDoorOptions<Limits extends SqlLimits = SqlLimits> {
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

export interface SqlDoor {
  port: number
  /** SQL of the console, whose browser is at `from`. */
  visit(line: Socket, from: string): void
  /** For connections from now on. */
  renew(certificate: DoorCertificate): void
  /** Takes no more connections, ends every session as `shutting_down`, and waits until each is written down (10 s at most). */
  close(): Promise<void>
}

/** A connection at the door, of which nothing is known yet. */
export interface Visitor {
  line: Socket
  /** `ip:port`. */
  from: string
  way: Way
  /** The certificate of this moment. */
  secureContext(): SecureContext
  /** TLS stands: only this one may be destroyed from now on. */
  secured(socket: Duplex): void
}

/** How one wire lets people in. */
export interface Reception {
  /** As the log names it. */
  name: string
  /** Whom there is no seat for. */
  turnAway(line: Socket, sentence: string): void
  /** Undefined when the connection ended here; it was told why. */
  receive(visitor: Visitor): Promise<{ socket: Duplex; who: Visit } | undefined>
}

const closingMs = 10_000
/** Connections that are being told so at the same time; beyond it they are dropped without a word. */
const mostTold = 100
const tooMany = 'Too many connections. Try again later.'

/** Opens a door of databases. Rejects when the address cannot be listened on. */
export async function openSqlDoor(options: Omit<SqlDoorOptions, 'limits'>, limits: SqlLimits, reception: Reception): Promise<SqlDoor> {
  const { host, dial, log, listen } = options
  const deps: RunDeps = { host, dial, log, limits, clock: systemClock, running: createRunning() }
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
    return reception.turnAway(line, tooMany)
  }

  const arrive = (line: Socket, from: string, way: Way): void => {
    line.on('error', () => {})
    const seat = places.take(addressOf(from), () => visitors.get(line)?.destroy())
    if (typeof seat === 'string') return void sayFull(line)
    visitors.set(line, line)
    const grace = setTimeout(() => visitors.get(line)?.destroy(), limits.graceMs)
    line.once('close', () => {
      visitors.delete(line)
      clearTimeout(grace)
      seat.leave()
    })
    receive(line, from, way, seat, grace).catch((error: unknown) => {
      log.error({ error, from }, 'a connection ended by a fault')
      visitors.get(line)?.destroy()
    })
  }
  const net = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 }, (line) =>
    arrive(line, `${line.remoteAddress ?? ''}:${line.remotePort}`, 'native'),
  )

  async function receive(line: Socket, from: string, way: Way, seat: Seat, grace: NodeJS.Timeout): Promise<void> {
    const came = await reception.receive({
      ...{ line, from, way, secureContext: () => secureContext },
      secured: (socket) =>
        void visitors.set(
          line,
          socket.on('error', () => {}),
        ),
    })
    if (!came) return
    clearTimeout(grace)
    seat.signedIn()
    // a client whose machine or network is gone says nothing of it: its session must not run on
    if (came.socket instanceof Socket) watchLine(line, came.socket, limits.silenceMs)
    runSession(came.socket, came.who, deps)
  }

  await new Promise<void>((resolve, reject) => {
    net.once('error', reject)
    net.listen(listen.port, listen.host, () => resolve(net.removeListener('error', reject) && undefined))
  })
  net.on('error', (error) => log.error({ error }, `the ${reception.name} door has a fault`))

  return {
    port: (net.address() as AddressInfo).port,
    visit: (line, from) => arrive(line, from, 'web'),
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
