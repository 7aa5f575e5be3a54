import type { Duplex } from 'node:stream'

const longestMessage = 16_384 // no message of a login comes near it

export interface Message {
  type: string
  body: Buffer
}

/** Reads one message; undefined when the connection ended first, or what came is no message of a sane size. */
export async function readMessage(socket: Duplex, longest = longestMessage): Promise<Message | undefined> {
  const head = await readBytes(socket, 5)
  if (!head) return undefined
  const length = head.readUInt32BE(1) - 4
  if (length < 0 || length > longest) return undefined
  const body = length === 0 ? Buffer.alloc(0) : await readBytes(socket, length)
  return body && { type: String.fromCharCode(head[0] as number), body }
}

/** Exactly `count` bytes, and not one more is taken out of the stream. */
export function readBytes(socket: Duplex, count: number): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const settle = (bytes: Buffer | undefined): void => {
      socket.off('readable', tryRead).off('end', giveUp).off('close', giveUp).off('error', giveUp)
      resolve(bytes)
    }
    const giveUp = (): void => settle(undefined)
    const tryRead = (): void => {
      const bytes = socket.read(count) as Buffer | null
      if (bytes) settle(bytes.length === count ? bytes : undefined)
    }
    if (socket.destroyed || socket.readableEnded) return resolve(undefined)
    socket.on('readable', tryRead).on('end', giveUp).on('close', giveUp).on('error', giveUp)
    tryRead()
  })
}
