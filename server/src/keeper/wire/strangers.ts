import type { Socket } from '../../platform/local-socket/local-socket.ts'

/** How long, in milliseconds, and how many: anybody on this machine can open the socket. */
export interface LineLimits {
  /** From the connection to the hello. */
  helloMs: number
  /** From the first byte of a frame to its last. */
  frameMs: number
  /** Connections that have not said hello yet. */
  strangers: number
}

/** Our own processes say hello with their first byte. The largest frame takes a second. */
export const usualLimits: LineLimits = { helloMs: 5_000, frameMs: 30_000, strangers: 64 }

/** Looks after one connection: what is not said in time is not waited for. */
export interface Line {
  /** It said who it is. */
  known(): void
  /** Something came: so many frames are whole by it, and whether it ends in the middle of another. */
  heard(whole: number, partial: boolean): void
}

/**
 * Lets connections in. One that says nothing is closed after a while, and so is one in the middle of a frame; where too many say nothing, the one that has done so for
 * longest makes room. Our own processes speak at once, so that nobody keeps them out.
 */
export function lineKeeper({ helloMs, frameMs, strangers }: LineLimits): (socket: Socket) => Line {
  const silent = new Set<Socket>()
  return (socket) => {
    let late = setTimeout(() => socket.destroy(), helloMs)
    silent.add(socket)
    const [oldest] = silent
    if (silent.size > strangers) {
      oldest?.destroy()
      if (oldest) silent.delete(oldest)
    }
    let begun = false
    const calm = (): void => {
      clearTimeout(late)
      begun = false
    }
    socket.on('close', () => {
      calm()
      silent.delete(socket)
    })
    return {
      known() {
        silent.delete(socket)
        calm()
      },
      heard(whole, partial) {
        if (silent.has(socket) || socket.destroyed) return
        if (whole > 0) calm()
        if (!partial || begun) return
        begun = true
        late = setTimeout(() => socket.destroy(), frameMs)
      },
    }
  }
}
