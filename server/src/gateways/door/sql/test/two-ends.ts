import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { type Duplex, duplexPair } from 'node:stream'
import { connect as secure, TLSSocket } from 'node:tls'
import { selfSigned } from '../../../../targets/test/self-signed.ts'
import { secureContextOf } from '../../start-tls.ts'

const { certificate, key } = selfSigned('127.0.0.1')
const context = secureContextOf({ certificate, privateKey: key })

export interface TwoEnds {
  near: Duplex
  far: Duplex
}

/** Two ends that are connected, in each way that a gateway meets. `open`: what is to be destroyed when the tests are over. */
export function twoEnds(open: Socket[]): Record<'TCP' | 'TLS' | 'streams that are no sockets', () => Promise<TwoEnds>> {
  async function overTcp(): Promise<{ near: Socket; far: Socket }> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const far = connect((server.address() as { port: number }).port, '127.0.0.1')
    const [near] = (await once(server, 'connection')) as [Socket]
    server.close()
    open.push(near, far)
    return { near, far }
  }
  return {
    TCP: overTcp,
    async TLS() {
      const { near, far } = await overTcp()
      const here = new TLSSocket(near, { isServer: true, secureContext: context })
      const there = secure({ socket: far, rejectUnauthorized: false })
      await Promise.all([once(here, 'secure'), once(there, 'secureConnect')])
      return { near: here, far: there }
    },
    async 'streams that are no sockets'() {
      const [near, far] = duplexPair()
      return { near, far }
    },
  }
}

/** So many bytes, each of which tells its place. */
export const counted = (from: number, count: number): Buffer => Buffer.from(Array.from({ length: count }, (_, i) => (from + i) % 251))
