import type { Client, ClientChannel, TcpConnectionDetails } from 'ssh2'
import { ok } from '../../kernel/result.ts'
import { type Outcome, protocol, unreachable } from './failures.ts'

/** Host or address, and port. */
export interface Endpoint {
  host: string
  port: number
}

export interface Listening {
  /** Has the server listen there; `taken` gets each connection that it takes, until `unlisten`. Answers the port, which is the server's choice for 0. */
  listen(at: Endpoint, taken: (from: Endpoint, accept: () => ClientChannel) => void): Promise<Outcome<number>>
  unlisten(at: Endpoint): void
}

/** Where the server listens for us (RFC 4254 section 7.1), and what becomes of the connections that it takes there. */
export function listening(client: Client, closed: Promise<void>): Listening {
  const takers = new Map<string, (from: Endpoint, accept: () => ClientChannel) => void>()
  const key = ({ host, port }: Endpoint) => `${host} ${port}`
  let hears = false
  const hear = () => {
    if (hears) return
    hears = true
    client.on('tcp connection', ({ destIP, destPort, srcIP, srcPort }: TcpConnectionDetails, accept, reject) => {
      const take = takers.get(key({ host: destIP, port: destPort }))
      if (take) take({ host: srcIP, port: srcPort }, accept)
      else reject()
    })
  }
  return {
    listen: (at, taken) =>
      new Promise((resolve) => {
        void closed.then(() => resolve(unreachable('the connection was closed')))
        hear()
        try {
          client.forwardIn(at.host, at.port, (error, chosen) => {
            if (error) return resolve(protocol(`the target does not listen there: ${error.message}`))
            const port = at.port === 0 ? chosen : at.port
            takers.set(key({ host: at.host, port }), taken)
            resolve(ok(port))
          })
        } catch {
          // ssh2 throws "Not connected" between the socket's end and its close
          resolve(unreachable('the connection was closed'))
        }
      }),
    unlisten(at) {
      takers.delete(key(at))
      try {
        client.unforwardIn(at.host, at.port)
      } catch {
        // gone, and its listeners with it
      }
    },
  }
}
