import { Readable } from 'node:stream'

/**
 * What is read of something open, as a body. It is closed when the body is over, also where the client left before its first byte: a generator that was never
 * begun does not come to its `finally`.
 */
export function streamed(open: { close(): Promise<void> }, pieces: AsyncIterable<string | Uint8Array>): Readable {
  const body = Readable.from(pieces)
  body.once('close', () => void open.close().catch(() => undefined))
  return body
}
