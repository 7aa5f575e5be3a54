import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { SecureContext } from 'node:tls'
import { systemClock } from '../../../kernel/clock.ts'
import { within } from '../../../kernel/within.ts'
import type { Chorus, Place } from '../../../platform/crew/index.ts'
import { watchLine } from '../../../platform/dialer/index.ts'
import type { Dial } from '../../../targets/contract.ts'
import type { SessionHost, Way } from '../../contract.ts'
import { addressAndPort, openEntrance, type Pass } from '../entrance.ts'
import type { GatewayLog } from '../log.ts'
import { createRunning } from '../running.ts'
import { addressOf } from '../seats.ts'
import { type DoorCertificate, secureContextOf } from '../start-tls.ts'
import type { SqlLimits } from './limits.ts'
import { type RunDeps, runSession } from './run-session.ts'
import type { Visit } from './wire.ts'

export interface SqlDoorOptions<Limits extends SqlLimits = SqlLimits> {
  host: SessionHost
  /** Port 0 takes a free one. Undefined: another process listens, and connections come by `admit`. */
  listen: { host: string; port: number } | undefined
  pass?: Pass
  /** What processes that share the door know together. */
  chorus?: Chorus
  /** What the door shows first; `renew` puts another one in its place. */
  certificate: DoorCertificate
  /** The only way to targets. */
  dial: Dial
  log: GatewayLog
  limits?: Partial<Limits>
}

export interface SqlDoor {
  port: number
  /** A connection that another process accepted, and where its seat is. */
  admit(line: Socket, place: Place): void
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

  const arrive = (line: Socket, from: string, way: Way, place: Place): void => {
    line.on('error', () => {})
    place.onDrop(() => visitors.get(line)?.destroy())
    visitors.set(line, line)
    const grace = setTimeout(() => visitors.get(line)?.destroy(), limits.graceMs)
    line.once('close', () => {
      visitors.delete(line)
      clearTimeout(grace)
      place.leave()
    })
    receive(line, from, way, place, grace).catch((error: unknown) => {
      log.error({ error, from }, 'a connection ended by a fault')
      visitors.get(line)?.destroy()
    })
  }
  async function receive(line: Socket, from: string, way: Way, place: Place, grace: NodeJS.Timeout): Promise<void> {
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
    place.signedIn()
    // a client whose machine or network is gone says nothing of it: its session must not run on
    if (came.socket instanceof Socket) watchLine(line, came.socket, limits.silenceMs)
    runSession(came.socket, came.who, deps)
  }

  const entrance = await openEntrance({
    ...{ listen, limits, full: sayFull, pass: options.pass },
    admit: (line, from, place) => arrive(line, from, 'native', place),
    fault: (error) => log.error({ error }, `the ${reception.name} door has a fault`),
  })

  return {
    port: entrance.port,
    admit: (line, place) => arrive(line, addressAndPort(line), 'native', place),
    visit(line, from) {
      line.on('error', () => {})
      const place = entrance.seat(addressOf(from))
      if (typeof place === 'string') sayFull(line)
      else arrive(line, from, 'web', place)
    },
    renew(certificate) {
      secureContext = secureContextOf(certificate)
    },
    async close() {
      const closed = entrance.close()
      await within(closingMs, deps.running.endAll())
      const left = [...visitors.keys()].map((line) => new Promise<void>((resolve) => line.once('close', () => resolve())))
      const gone = setTimeout(() => {
        for (const socket of visitors.values()) socket.destroy()
      }, 500)
      await Promise.all([closed, ...left])
      clearTimeout(gone)
    },
  }
}
