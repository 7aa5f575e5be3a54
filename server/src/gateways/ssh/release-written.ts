import type { Socket } from 'node:net'

/** What is smaller may lie in memory that others share, and is little. */
const worthReleasing = 16 * 1024

/**
 * Gives the memory of a packet back as soon as it was sent, and not when somebody collects garbage. ssh2 makes a buffer for each packet, writes
 * it once, and does not look at it again. Call it for a socket that ssh2 has.
 */
export function releaseWritten(socket: Socket): void {
  const write = socket.write.bind(socket) as (...of: unknown[]) => boolean
  socket.write = (bytes: unknown, ...more: unknown[]) => {
    const whole = bytes instanceof Uint8Array && bytes.length >= worthReleasing && bytes.buffer.byteLength === bytes.length
    if (!whole || more.length > 0) return write(bytes, ...more)
    // after an error it may not have been taken out of the system's hands
    return write(bytes, (error?: Error | null) => void (!error && (bytes.buffer as ArrayBuffer).transfer(0)))
  }
}
