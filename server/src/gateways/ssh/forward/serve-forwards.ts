import type { ClientChannel, Connection, ServerChannel, TcpipBindInfo, TcpipRequestInfo } from 'ssh2'
import type { Admitted, Forward } from '../../contract.ts'
import type { RunDeps } from '../run-session.ts'
import { closeChannel } from '../ssh2-internals.ts'
import { joinChannels } from './join-channels.ts'
import { type Forwarding, openForwarding } from './open-forwarding.ts'

const tooMany = 'too many connections are forwarded on this connection; close one first'

export interface Forwards {
  /** A connection that the client wants the target to open (ssh -L, -D, -W). `refuse` gives it its reason. */
  local(accept: () => ServerChannel, refuse: (why: string) => void, info: TcpipRequestInfo): void
  /** Where the client wants the target to listen (ssh -R), and no longer. */
  remote(accept: (port?: number) => void, refuse: () => void, info: TcpipBindInfo): void
  noLonger(info: TcpipBindInfo): void
}

/**
 * Forwarded connections of one person's connection, all under one session, which the first of them opens. `using` hears when that session
 * begins and when it is over.
 */
export function serveForwards(connection: Connection, admitted: Admitted, deps: RunDeps, using: (inUse: boolean) => void): Forwards {
  const { log, limits } = deps
  let opening: ReturnType<typeof openForwarding> | undefined
  let now: Forwarding | undefined
  let open = 0
  let gone = false
  connection.once('close', () => {
    gone = true
    now?.stop.now('closed')
  })

  /** The session, opened once for all who ask meanwhile, and again when it is over. */
  const session = async (): Promise<Forwarding | string> => {
    if (now && !now.stop.reason) return now
    opening ??= openForwarding(admitted, deps).finally(() => {
      opening = undefined
    })
    const opened = await opening
    if (!opened.ok) return opened.error
    if (now !== opened.value) {
      now = opened.value
      using(true)
      void now.stop.turned.then(() => using(false))
      if (gone) now.stop.now('closed')
    }
    return now
  }

  /** From the question to the end. `reach` opens the other end and gives both, the person's first. */
  const carry = async (
    to: Forward,
    refuse: (why: string) => void,
    reach: (by: Forwarding) => Promise<[ServerChannel, ClientChannel] | string>,
  ) => {
    if (open >= limits.forwardsPerConnection) return refuse(tooMany)
    open += 1
    try {
      const by = await session()
      if (typeof by === 'string') return refuse(by)
      const told = await by.live.forward(to)
      if (!told.ok) return refuse(told.error.say)
      const ends = by.stop.reason ? 'the session has ended' : await reach(by)
      if (typeof ends === 'string') {
        told.value({ outcome: 'failed', sent: 0, received: 0, message: ends.slice(0, 300) })
        return refuse(ends)
      }
      const joined = joinChannels(...ends, by.touched)
      by.carried.add(joined)
      if (by.suspended) joined.suspend()
      if (by.stop.reason) joined.cut()
      told.value(await joined.done)
      by.carried.delete(joined)
    } finally {
      open -= 1
    }
  }
  const failed = (refuse: (why: string) => void) => (error: unknown) => {
    log.error({ error }, 'a connection could not be forwarded')
    refuse('a fault in Claviger; tell your administrator')
  }

  return {
    local(accept, refuse, { srcIP, srcPort, destIP: host, destPort: port }) {
      if (host === '' || host.length > 255) return refuse('a destination has a name of 1 to 255 characters')
      const to = { direction: 'local', host, port, from: `${srcIP.slice(0, 255)}:${srcPort}` } as const
      carry(to, refuse, async ({ connection: target }) => {
        const far = await target.openForward({ host: srcIP, port: srcPort }, { host, port })
        if (!far.ok) return 'detail' in far.error ? far.error.detail : far.error.code
        if (!gone) return [accept(), far.value]
        closeChannel(far.value)
        return 'the client left'
      }).catch(failed(refuse))
    },
    remote(accept, refuse, { bindAddr, bindPort }) {
      const listen = async () => {
        const by = await session()
        if (typeof by === 'string') return refuse()
        // that it listens is an act of its own, which policy decides: without a yes nothing listens there
        const to = { direction: 'remote', host: bindAddr || '*', port: bindPort } as const
        const told = await by.live.forward({ ...to, from: 'the target listens' })
        if (!told.ok) return refuse()
        // the first connection may come together with the word that it listens: the client has to hear that first
        const listens = Promise.withResolvers<number | undefined>()
        const port = await by.connection.listen({ host: bindAddr, port: bindPort }, (from, take) => {
          const source = `${from.host.slice(0, 255)}:${from.port}`
          const drop = () => closeChannel(take())
          const come = async () => {
            const at = await listens.promise
            if (at === undefined) return drop()
            await carry({ ...to, port: at, from: source }, drop, async () => {
              const near = await toClient(connection, { bindAddr, bindPort: at }, from)
              return near ? [near, take()] : 'the client did not take it'
            })
          }
          come().catch(failed(drop))
        })
        if (!port.ok) {
          listens.resolve(undefined)
          told.value({ outcome: 'failed', sent: 0, received: 0, message: 'detail' in port.error ? port.error.detail : port.error.code })
          return refuse()
        }
        void by.stop.turned.then(() => told.value({ outcome: 'closed', sent: 0, received: 0 }))
        accept(port.value)
        listens.resolve(port.value)
      }
      listen().catch(failed(refuse))
    },
    noLonger({ bindAddr, bindPort }) {
      now?.connection.unlisten({ host: bindAddr, port: bindPort })
    },
  }
}

const toClient = (connection: Connection, { bindAddr, bindPort }: TcpipBindInfo, from: { host: string; port: number }) =>
  new Promise<ServerChannel | undefined>((resolve) => {
    connection.once('close', () => resolve(undefined))
    try {
      connection.forwardOut(bindAddr, bindPort, from.host, from.port, (error, channel) => resolve(error ? undefined : channel))
    } catch {
      // ssh2 throws "Not connected" between the socket's end and its close
      resolve(undefined)
    }
  })
