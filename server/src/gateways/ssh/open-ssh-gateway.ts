import type { Socket } from 'node:net'
import ssh2 from 'ssh2'
import { systemClock } from '../../kernel/clock.ts'
import { within } from '../../kernel/within.ts'
import type { Place } from '../../platform/crew/index.ts'
import { watchLine } from '../../platform/dialer/index.ts'
import { weighCarriedWithHeap } from '../../platform/process/garbage.ts'
import type { Dial } from '../../targets/contract.ts'
import type { SessionHost } from '../contract.ts'
import { addressAndPort, openEntrance, type Pass } from '../door/entrance.ts'
import type { GatewayLog } from '../door/log.ts'
import { createRunning } from '../door/running.ts'
import { addressOf } from '../door/seats.ts'
import { ciphersFor, offered } from './algorithms.ts'
import { authenticate } from './authenticate.ts'
import { shareFairly } from './fairness.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { releaseWritten } from './release-written.ts'
import { renewKeys } from './renew-keys.ts'
import type { RunDeps } from './run-session.ts'
import { serveConnection } from './serve-connection.ts'
import { signatures } from './signatures.ts'
import { answerEachStep, heedGuesses, nameSignatures, offerCiphers, socketOf } from './ssh2-internals.ts'
import { type Steps, usualSteps } from './steps.ts'
import { lingerMs, turnAway } from './turn-away.ts'
import { serveWebTerminal } from './web/serve-web-terminal.ts'

export interface SshGatewayOptions {
  host: SessionHost
  /** Port 0 takes a free one. Undefined: another process listens, and connections come by `admit`. */
  listen: { host: string; port: number } | undefined
  pass?: Pass
  /** The door's own private key, in OpenSSH's format, without passphrase. */
  hostKey: string | Uint8Array
  /** The only way to targets. */
  dial: Dial
  log: GatewayLog
  limits?: Partial<Limits>
  /** What lets somebody in. Default: key and code, or a certificate. */
  accepted?: readonly Steps[]
  /** The line before the sign-in. */
  banner?: string
}

export interface SshGateway {
  port: number
  /** A connection that another process accepted, and where its seat is. */
  admit(line: Socket, place: Place): void
  /** A terminal of the console, whose browser is at `from`. */
  visit(line: Socket, from: string): void
  /** Takes no more connections, ends every session as `shutting_down`, and waits until each is written down (10 s at most). */
  close(): Promise<void>
}

const defaultBanner = 'Claviger SSH gateway. For authorised people only; every session is recorded.'
const closingMs = 10_000

/** Opens the SSH door. Rejects when the address cannot be listened on. */
export async function openSshGateway(options: SshGatewayOptions): Promise<SshGateway> {
  const { host, dial, log, hostKey, listen } = options
  weighCarriedWithHeap()
  const limits: Limits = { ...defaultLimits, ...options.limits }
  const deps: RunDeps = { host, dial, log, limits, clock: systemClock, running: createRunning() }
  const accepted = options.accepted ?? usualSteps
  const away = turnAway(systemClock, log)
  const visitors = new Map<Socket, { place: Place; from: string; greeted: boolean; grace: NodeJS.Timeout; waited: boolean }>()
  const fromConsole = new Set<Socket>()

  const server = new ssh2.Server({
    hostKeys: [typeof hostKey === 'string' ? hostKey : Buffer.from(hostKey)],
    ident: 'Claviger',
    banner: options.banner ?? defaultBanner,
    algorithms: offered as unknown as NonNullable<ssh2.ServerConfig['algorithms']>,
  })
  server.on('connection', (connection, { header }) => {
    offerCiphers(connection, ciphersFor(header.versions.software))
    heedGuesses(connection)
    nameSignatures(connection, signatures)
    answerEachStep(connection, limits.attempts)
    const socket = socketOf(connection)
    const visitor = visitors.get(socket)
    // without a listener a broken connection would end the process
    connection.on('error', (error: Error) => {
      log.debug({ from: visitor?.from, error: error.message }, 'an SSH connection broke')
      socket.destroySoon()
    })
    if (!visitor) return void socket.destroy()
    visitor.greeted = true
    shareFairly(socket, limits.bytesPerTurn)
    connection.setMaxListeners(0)
    const wait = () => {
      if (visitor.waited) return false
      visitor.waited = true
      clearTimeout(visitor.grace)
      visitor.grace = setTimeout(() => socket.destroy(), limits.linkMs)
      return true
    }
    authenticate(connection, { from: visitor.from, client: header.versions.software, wait }, { ...deps, accepted }, (admitted) => {
      clearTimeout(visitor.grace)
      visitor.place.signedIn()
      renewKeys(connection, limits.bytesPerKey)
      // a client whose machine or network is gone says nothing of it: its session must not run on
      watchLine(socket, socket, limits.silenceMs)
      serveConnection(connection, admitted, deps)
    })
  })

  const admit = (socket: Socket, from: string, place: Place): void => {
    socket.on('error', () => {})
    place.onDrop(() => socket.destroy())
    const grace = setTimeout(() => socket.destroy(), limits.graceMs)
    visitors.set(socket, { place, from, greeted: false, grace, waited: false })
    socket.setMaxListeners(0)
    socket.once('finish', () => setTimeout(() => socket.destroy(), lingerMs).unref())
    socket.once('close', () => {
      const visitor = visitors.get(socket)
      visitors.delete(socket)
      clearTimeout(visitor?.grace)
      place.leave()
      if (!visitor?.greeted && socket.bytesRead > 0) host.malformed('ssh', from, 'did not speak SSH')
    })
    server.injectSocket(socket)
    releaseWritten(socket)
  }
  const entrance = await openEntrance({
    ...{ listen, limits, full: away, admit, pass: options.pass },
    fault: (error) => log.error({ error }, 'the SSH door has a fault'),
  })

  return {
    port: entrance.port,
    admit: (line, place) => admit(line, addressAndPort(line), place),
    visit(line, from) {
      line.on('error', () => line.destroy())
      const place = entrance.seat(addressOf(from))
      if (typeof place === 'string') return void line.destroy()
      place.onDrop(() => line.destroy())
      fromConsole.add(line)
      const grace = setTimeout(() => line.destroy(), limits.graceMs)
      line.once('close', () => {
        fromConsole.delete(line)
        clearTimeout(grace)
        place.leave()
      })
      serveWebTerminal(line, from, deps, () => {
        clearTimeout(grace)
        place.signedIn()
      })
    },
    async close() {
      const closed = entrance.close()
      await within(closingMs, deps.running.endAll())
      const left = [...visitors.keys()].map((socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())))
      for (const socket of [...visitors.keys(), ...fromConsole]) socket.destroySoon()
      const gone = setTimeout(() => {
        for (const socket of visitors.keys()) socket.destroy()
      }, 500)
      await Promise.all([closed, ...left])
      clearTimeout(gone)
    },
  }
}
