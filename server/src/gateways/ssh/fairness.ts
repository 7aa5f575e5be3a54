import type { Socket } from 'node:net'
import { someoneTypes } from './typing.ts'

/** Answers waiting in our own memory beyond this mean that the peer does not read: then we stop reading too. */
const unreadBytes = 8 * 1024 * 1024
/** While somebody types: what one packet of SSH has at most. The next one waits for the next turn, even if it was read already. */
const pieceBytes = 32 * 1024 + 64

/**
 * Gives a socket a budget of bytes for each turn of the event loop. Without it one bulk copy is read up to two megabytes
 * at a time, and every keystroke in the process waits some milliseconds behind it. While somebody types it is a packet; otherwise
 * `bytesPerTurn`, with which fewer turns carry the same.
 *
 * Also stops reading from a peer that sends requests and does not take the answers. Call it when ssh2 reads from the socket
 * already: it stands before ssh2 from then on.
 */
export function shareFairly(socket: Socket, bytesPerTurn: number): void {
  const readers = socket.listeners('data') as ((bytes: Buffer) => void)[]
  let spent = 0
  let overBudget = false
  let unread = false
  /** Read, and not handed on yet. */
  let rest: Buffer | undefined

  const settle = () => {
    if (overBudget || unread) socket.pause()
    else if (socket.isPaused()) socket.resume()
  }
  const nextTurn = () => {
    spent = 0
    overBudget = false
    const bytes = rest
    rest = undefined
    if (bytes) take(bytes)
    if (!overBudget) settle()
  }
  /** The last bytes come in the same turn as the end, which does not wait. */
  const handRestOn = () => {
    const bytes = rest
    rest = undefined
    if (bytes) for (const read of readers) read(bytes)
  }
  const take = (bytes: Buffer) => {
    const typing = someoneTypes()
    const piece = typing && bytes.length > pieceBytes ? bytes.subarray(0, pieceBytes) : bytes
    if (piece !== bytes) rest = bytes.subarray(pieceBytes)
    spent += piece.length
    unread = socket.writableLength > unreadBytes
    if (spent >= (typing ? pieceBytes / 2 : bytesPerTurn)) {
      overBudget = true
      setImmediate(nextTurn)
    }
    if (overBudget || unread) settle()
    for (const read of readers) read(piece)
  }

  for (const read of readers) socket.off('data', read)
  socket.on('data', take)
  // before ssh2 hears of it
  for (const over of ['end', 'close']) socket.prependListener(over, handRestOn)
  socket.on('drain', () => {
    if (!unread) return
    unread = false
    settle()
  })
}
