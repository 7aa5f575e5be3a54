import { connect, createServer, type Socket } from 'node:net'
import { createSecureContext, connect as secure, TLSSocket } from 'node:tls'

/** What is left of a gateway that does nothing but carry bytes. */
export interface Relay {
  port: number
  close(): Promise<void>
}

/** Length of a packet's header, and what it says of the length of its payload (MariaDB docs, "Packets"). */
const packetLength = (bytes: Buffer): number => (bytes.length < 4 ? Number.POSITIVE_INFINITY : 4 + bytes.readUIntLE(0, 3))

/**
 * Carries bytes between clients and one server, in this runtime, with TLS of its own on both sides as our gateway has: what a client
 * says after the server's greeting is a request for TLS, which is passed on, and from then on both sides are encrypted.
 */
export async function startRelay(to: { port: number; ca: string }, own: { certificate: string; key: string }): Promise<Relay> {
  const secureContext = createSecureContext({ cert: own.certificate, key: own.key })
  const open = new Set<Socket>()
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ host: '127.0.0.1', port: to.port, noDelay: true })
    for (const socket of [client, upstream]) {
      open.add(socket)
      socket
        .on('error', () => undefined)
        .once('close', () => {
          open.delete(socket)
          client.destroy()
          upstream.destroy()
        })
    }
    whole(upstream, (greeting) => {
      client.write(greeting)
      whole(client, (request) => {
        upstream.write(request)
        const there = secure({ socket: upstream, ca: to.ca, checkServerIdentity: () => undefined })
        const here = new TLSSocket(client, { isServer: true, secureContext })
        for (const one of [there, here]) one.on('error', () => client.destroy())
        here.pipe(there).pipe(here)
      })
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    port: (server.address() as { port: number }).port,
    async close() {
      for (const socket of open) socket.destroy()
      await new Promise((closed) => server.close(closed))
    },
  }
}

/** The first packet that comes. A client begins with TLS right behind its request for it: what came of that is put back. */
function whole(socket: Socket, then: (packet: Buffer) => void): void {
  let got = Buffer.alloc(0)
  const take = (bytes: Buffer) => {
    got = Buffer.concat([got, bytes])
    const length = packetLength(got)
    if (got.length < length) return
    socket.off('data', take).pause()
    if (got.length > length) socket.unshift(got.subarray(length))
    then(got.subarray(0, length))
  }
  socket.on('data', take).resume()
}
