import type { WebSocket } from 'ws'

/** A browser at the other end of a WebSocket, for a handler that knows no HTTP. */
export interface WebLine {
  /** `ip:port` as the socket says it. */
  readonly from: string
  /** What was sent and lies here still, in bytes. */
  readonly waiting: number
  /** Text, or bytes. Nothing happens when the browser has gone. */
  send(message: string | Uint8Array): void
  /** Called when something that was sent has left. */
  onSent(callback: () => void): void
  onMessage(callback: (message: string | Buffer) => void): void
  /** The person did something, by which they stay signed in. */
  touched(): void
  /** Once, whoever closed it. */
  onClose(callback: () => void): void
  close(): void
}

/** A browser that does not close its side within this time is hung up on. */
const lastMs = 3_000

export function webLine(socket: WebSocket, from: string, touched: () => void): WebLine {
  let sent = () => {}
  // what comes before anybody listens waits, and is not lost
  socket.pause()
  return {
    ...{ from, touched },
    get waiting() {
      return socket.bufferedAmount
    },
    send(message) {
      if (socket.readyState === socket.OPEN) socket.send(message, () => sent())
    },
    onSent(callback) {
      sent = callback
    },
    onMessage(callback) {
      socket.on('message', (data, binary) => {
        const bytes = Buffer.isBuffer(data) ? data : Buffer.concat(data as Buffer[])
        callback(binary ? bytes : bytes.toString('utf8'))
      })
      socket.resume()
    },
    onClose(callback) {
      if (socket.readyState === socket.CLOSED) callback()
      else socket.once('close', () => callback())
    },
    close() {
      socket.close()
      setTimeout(() => socket.terminate(), lastMs).unref()
    },
  }
}
