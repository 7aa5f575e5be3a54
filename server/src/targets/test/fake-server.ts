import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import type { SelfSigned } from './self-signed.ts'

export interface FakeServer {
  port: number
  /** All that it was sent, as it lay on the wire and, where it has TLS of its own, under that. */
  heard(): Buffer
  stop(): Promise<void>
}

interface Behaviour {
  /** Said before anything was heard. */
  first?: Buffer
  /** Said to each piece that it hears, the last one again and again. */
  answers?: readonly Buffer[]
  /** It begins TLS with this certificate behind so many bytes that it hears in clear text, and its own `yes` to them, and answers inside. */
  tls?: { as: SelfSigned; behind: number; yes?: string }
}

/** Somebody at an address who says what he was told to say, and keeps what he hears. */
export async function startFake({ first, answers = [], tls }: Behaviour): Promise<FakeServer> {
  const heard: Buffer[] = []
  const sockets = new Set<Socket>()
  const talk = (socket: Socket): void => {
    let at = 0
    socket
      .on('error', () => {})
      .on('data', (chunk) => {
        heard.push(chunk)
        const answer = answers[Math.min(at++, answers.length - 1)]
        if (answer && socket.writable) socket.write(answer)
      })
  }
  const wrap = (socket: Socket, as: SelfSigned): void =>
    talk(new TLSSocket(socket, { isServer: true, secureContext: createSecureContext({ cert: as.certificate, key: as.key }) }))
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    if (first) socket.write(first)
    if (!tls) talk(socket)
    else if (tls.behind === 0) wrap(socket, tls.as)
    else {
      const begin = (): void => {
        const request = socket.read(tls.behind) as Buffer | null
        if (!request) return
        socket.off('readable', begin)
        heard.push(request)
        if (tls.yes) socket.write(tls.yes)
        wrap(socket, tls.as)
      }
      socket.on('readable', begin)
    }
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    heard: () => Buffer.concat(heard),
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((closed) => server.close(closed))
    },
  }
}
