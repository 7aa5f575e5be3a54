import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** An address at which one server answers, and then another: what a stolen address or a bent route looks like from here. */
export interface Switchboard {
  port: number
  /** From the next connection on. */
  leadTo(port: number): void
  stop(): Promise<void>
}

export async function startSwitchboard(first: number): Promise<Switchboard> {
  let port = first
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (from) => {
    const to = connect({ host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true })
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy()).on('close', () => sockets.delete(one) && other.destroySoon())
      one.pipe(other)
    }
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    leadTo(next) {
      port = next
    },
    async stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
