import type { Connection } from 'ssh2'
import { quietly, socketOf } from './ssh2-internals.ts'

/**
 * Asks for new session keys after so many bytes (RFC 4253 section 9 wants it after a gigabyte): ssh2 answers when the client
 * asks, and never asks itself.
 */
export function renewKeys(connection: Connection, bytes: number): void {
  const socket = socketOf(connection)
  let last = 0
  socket.on('data', () => {
    const now = socket.bytesRead + socket.bytesWritten
    if (now - last < bytes) return
    last = now
    quietly(() => connection.rekey())
  })
}
