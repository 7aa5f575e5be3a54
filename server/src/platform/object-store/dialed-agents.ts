import { type ClientRequestArgs, Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Duplex } from 'node:stream'
import { connect } from 'node:tls'
import type { Dialer } from '../dialer/index.ts'

type Done = (error: Error | null, stream: Duplex) => void
interface Wanted {
  host?: string | null | undefined
  port?: number | string | null | undefined
  servername?: string
}

/** Agents for a client of HTTP that open every connection through the dialer, so that its rules hold for libraries too. */
export function dialedAgents(dial: Dialer, { ca, sockets }: { ca?: string | undefined; sockets: number }) {
  const open = async ({ host, port }: Wanted) => {
    const dialled = await dial(String(host), Number(port))
    if (!dialled.ok) throw Object.assign(new Error(dialled.error.detail), { code: 'ECONNREFUSED' })
    return dialled.value
  }
  const settle = (opening: Promise<Duplex>, done: Done | undefined): undefined => {
    opening.then(
      (stream) => done?.(null, stream),
      (error: Error) => done?.(error, undefined as never),
    )
  }
  class Plain extends HttpAgent {
    override createConnection(wanted: ClientRequestArgs, done?: Done): undefined {
      return settle(open(wanted as Wanted), done)
    }
  }
  class Secure extends HttpsAgent {
    override createConnection(wanted: ClientRequestArgs, done?: Done): undefined {
      const { host, servername } = wanted as Wanted
      const secured = open(wanted as Wanted).then((socket) => {
        const name = servername || String(host)
        return connect({
          socket,
          servername: /^[\d.]+$|:/.test(name) ? '' : name,
          host: String(host),
          minVersion: 'TLSv1.2',
          ...(ca && { ca }),
        })
      })
      return settle(secured, done)
    }
  }
  const keep = { keepAlive: true, maxSockets: sockets }
  return { httpAgent: new Plain(keep), httpsAgent: new Secure(keep) }
}
