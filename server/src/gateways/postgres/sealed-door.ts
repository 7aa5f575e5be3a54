import { listenWhileSealed } from '../door/sealed-listener.ts'
import { type DoorCertificate, secureContextOf } from '../door/start-tls.ts'
import { firstPackets } from './first-packets.ts'
import { sqlStates, turnAway } from './say.ts'

/**
 * The PostgreSQL door while nothing opens: each client is told so with 57P03 (`cannot_connect_now`), before it is asked who it is. With a
 * `certificate` that the authority did not sign, as after a start, a client that checks it hears nothing but that.
 */
export const openSealedPostgresDoor = (
  listen: { host: string; port: number },
  certificate: DoorCertificate,
  { sentence, hint }: { sentence: string; hint: string },
): Promise<{ port: number; close(): Promise<void> }> => {
  const secureContext = secureContextOf(certificate)
  return listenWhileSealed(listen, ({ line, secured }) => {
    const wished = firstPackets(line, {
      secureContext: () => secureContext,
      malformed: () => undefined,
      secured: (socket) => secured(socket.on('error', () => undefined)),
    })
    wished.then(
      (wish) => {
        if (wish?.asks.kind === 'startup') turnAway(wish.socket, sqlStates.sealed, sentence, hint)
        else wish?.socket.destroy()
      },
      () => line.destroy(),
    )
  })
}
