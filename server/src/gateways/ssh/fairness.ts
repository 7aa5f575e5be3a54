import type { Socket } from 'node:net'

/** Answers waiting in our own memory beyond this mean that the peer does not read: then we stop reading too. */
const unreadBytes = 8 * 1024 * 1024

/**
 * Gives a socket a budget of bytes for each turn of the event loop. Without it one bulk copy is read up to two megabytes
 * at a time, and every keystroke in the process waits some milliseconds behind it. Throughput stays the same.
 *
 * Also stops reading from a peer that sends requests and does not take the answers. Call it after the socket was handed
 * to ssh2, which begins with the socket paused.
 */
export function shareFairly(socket: Socket, bytesPerTurn: number): void {
  let spent = 0
  let turnPending = false
  let overBudget = false
  let unread = false

  const settle = () => {
    if (overBudget || unread) socket.pause()
    else if (socket.isPaused()) socket.resume()
  }
  const nextTurn = () => {
    turnPending = false
    spent = 0
    if (!overBudget) return
    overBudget = false
    settle()
  }

  socket.on('data', (chunk: Buffer) => {
    spent += chunk.length
    overBudget = spent >= bytesPerTurn
    unread = socket.writableLength > unreadBytes
    if (overBudget || unread) settle()
    if (turnPending) return
    turnPending = true
    setImmediate(nextTurn)
  })
  socket.on('drain', () => {
    if (!unread) return
    unread = false
    settle()
  })
}
