import type { Duplex } from 'node:stream'

/** What a connection says, in pieces as they come. Begins held. */
export interface Chunks {
  hold(): void
  goOn(): void
  /** Nothing is taken any more, and what still comes stays with the stream. */
  leave(): void
}

/** What Node's sockets read from (lib/net.js): calls `onread` with what came, or with nothing where the stream has to hear of an end or an error. */
interface Handle {
  onread: (this: Handle, bytes?: ArrayBuffer) => void
}

/**
 * Takes what a socket reads before its stream does, as long as nobody holds it back and nothing waits in the stream: to go through a stream costs as much
 * again as reading. Whatever else there is (ends, errors, what comes while it is held) goes through the stream as ever, in its order and with its bounds.
 */
export function chunksOf(socket: Duplex, take: (chunk: Buffer) => void): Chunks {
  const handle = handleOf(socket)
  const usual = handle?.onread
  let held = true
  let draining = false
  /** What waits in the stream, which then hears of its end. */
  const drain = (): void => {
    if (draining) return
    draining = true
    try {
      for (let chunk = next(); chunk; chunk = next()) take(chunk)
    } finally {
      draining = false
    }
  }
  const next = (): Buffer | null => (held ? null : socket.read())
  socket.pause().on('readable', drain)
  if (handle && usual)
    handle.onread = function onRead(bytes) {
      if (bytes === undefined || held || draining || socket.readableLength > 0) return Reflect.apply(usual, this, [bytes])
      take(Buffer.from(bytes))
    }
  return {
    hold() {
      held = true
    },
    goOn() {
      held = false
      // not in the middle of whatever releases it
      process.nextTick(drain)
    },
    leave() {
      held = true
      socket.off('readable', drain)
      // the handle is left as it is: a socket that is destroyed has told it to be quiet, and TLS may have more of what was read
    },
  }
}

function handleOf(socket: Duplex): Handle | undefined {
  const { _handle: handle } = socket as Duplex & { _handle?: Partial<Handle> | null }
  return typeof handle?.onread === 'function' ? (handle as Handle) : undefined
}
