import type { Duplex } from 'node:stream'

/** How long a peer may keep a connection half open that we have closed. */
const lingerMs = 3_000
/** How long a client may go on sending what is not listened to any more, and how long it must be quiet to be done. */
const hearOutMs = 30_000
const quietMs = 500

/** Says why, if there is something to say, and closes the connection. */
export function leave(socket: Duplex, last?: Buffer): void {
  if (socket.destroyed) return
  const timer = setTimeout(() => socket.destroy(), lingerMs)
  socket.once('close', () => clearTimeout(timer))
  // read, so that what the client has sent already does not turn our message into a reset
  socket.removeAllListeners('data').resume()
  if (last) socket.end(last)
  else socket.end()
}

/** The same to a client that is in the middle of sending: libraries of databases read nothing before they have sent everything. */
export function leaveHearingOut(socket: Duplex, last: Buffer): void {
  if (socket.destroyed) return
  const cap = setTimeout(() => socket.destroy(), hearOutMs)
  const quiet = setTimeout(() => leave(socket), quietMs)
  socket.once('close', () => {
    clearTimeout(cap)
    clearTimeout(quiet)
  })
  socket.removeAllListeners('data').on('data', () => quiet.refresh())
  socket.resume().write(last)
}
