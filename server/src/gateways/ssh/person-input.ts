import type { ServerChannel } from 'ssh2'

/** What may be typed before the target is there. Beyond it the client's window closes, and nothing is lost. */
const typedAheadBytes = 64 * 1024
const interrupt = 0x03

/**
 * What the person sends. Before `start` it waits: without a terminal inside the channel's window (two megabytes, then the
 * client is held back); with a terminal here, because Ctrl-C has to be seen while waiting for an approval.
 */
export interface PersonInput {
  /** Calls back at a typed Ctrl-C until `start`. */
  onInterrupt(callback: () => void): void
  start(onData: (bytes: Buffer) => void, onEnd: () => void): void
  hold(): void
  release(): void
}

export function personInput(channel: ServerChannel, { terminal }: { terminal: boolean }): PersonInput {
  let ahead: Buffer[] = []
  let aheadBytes = 0
  let ended = false
  let held = false
  let interrupted: () => void = () => {}
  /** It was to start while it was held. */
  let begin: (() => void) | undefined

  const collect = (bytes: Buffer) => {
    ahead.push(bytes)
    aheadBytes += bytes.length
    if (aheadBytes > typedAheadBytes) channel.pause()
    if (bytes.includes(interrupt)) interrupted()
  }
  const noteEnd = () => {
    ended = true
  }
  if (terminal) channel.on('data', collect).on('end', noteEnd)

  return {
    onInterrupt(callback) {
      interrupted = callback
    },
    start(onData, onEnd) {
      if (held) {
        begin = () => this.start(onData, onEnd)
        return
      }
      channel.removeListener('data', collect)
      channel.removeListener('end', noteEnd)
      interrupted = () => {}
      for (const bytes of ahead) onData(bytes)
      ahead = []
      if (ended) return onEnd()
      channel.on('data', onData).on('end', onEnd)
      if (held) channel.pause()
      else channel.resume()
    },
    hold() {
      held = true
      channel.pause()
    },
    release() {
      held = false
      const first = begin
      begin = undefined
      if (first) return first()
      channel.resume()
    },
  }
}
