import type { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import type { ServerChannel } from 'ssh2'
import { forgetSentPieces, takesData, windowOf } from './ssh2-internals.ts'

/** What waits here for the person's client to take it; beyond it the target is held back. */
const waitingBytes = 256 * 1024
/** What waits in the socket. A client may promise any window and then not read. */
const socketBytes = 1024 * 1024

type Stream = 'out' | 'err'

/**
 * Writes to both streams of a person's channel in the order in which it was asked to. One piece waits for the window at a
 * time, whichever its stream: ssh2 mixes up two that wait (see `forgetSentPieces`).
 */
export interface PersonWriter {
  /** False when the caller should hold back until `onRoom` calls. */
  write(stream: Stream, bytes: Buffer): boolean
  onRoom(callback: () => void): void
  /** Settles when everything was handed to the client, or nothing can be any more. */
  flushed(): Promise<void>
  /** Drops what waits: nothing of it reaches the person. */
  discard(): void
}

export function personWriter(channel: ServerChannel, socket: Socket): PersonWriter {
  let queue: { stream: Stream; bytes: Buffer }[] = []
  let waiting = 0
  let writing = false
  let full = false
  let dead = false
  let room: () => void = () => {}
  let settled: (() => void)[] = []

  const crowded = () => waiting > waitingBytes || socket.writableLength > socketBytes
  const finished = () => {
    writing = false
    forgetSentPieces(channel)
    pump()
  }
  /** ssh2 throws at a connection that is gone; the one who asked will hear of it by `close`. */
  const hand = (stream: Writable, bytes: Buffer) => {
    try {
      writing = windowOf(channel) < bytes.length
      stream.write(bytes, writing ? finished : undefined)
    } catch {
      dead = true
      writing = false
    }
  }
  const pump = () => {
    while (!writing) {
      const next = queue.shift()
      if (!next) break
      waiting -= next.bytes.length
      if (dead || !takesData(channel)) continue
      hand(next.stream === 'out' ? channel : channel.stderr, next.bytes)
    }
    if (full && !crowded()) {
      full = false
      room()
    }
    if (!writing && queue.length === 0) {
      for (const settle of settled) settle()
      settled = []
    }
  }
  /** The piece that ssh2 has already taken stays in front: what is written next comes after it. */
  const discard = () => {
    queue = []
    waiting = 0
    pump()
  }
  const closed = () => {
    socket.removeListener('drain', pump).removeListener('close', closed)
    dead = true
    writing = false
    discard()
  }
  socket.on('drain', pump).once('close', closed)
  channel.once('close', closed)

  return {
    write(stream, bytes) {
      if (bytes.length === 0) return !full
      queue.push({ stream, bytes })
      waiting += bytes.length
      pump()
      if (crowded()) full = true
      return !full
    },
    onRoom: (callback) => {
      room = callback
    },
    flushed: () =>
      new Promise((resolve) => {
        settled.push(resolve)
        pump()
      }),
    discard,
  }
}
