import type { Duplex } from 'node:stream'
import { readHead } from '../../protocols/mysql/index.ts'
import { readBytes } from '../postgres-client/index.ts'

/** Of one row. A longer one is read past, and is there with its length alone. */
const longestBody = 4 * 1024 * 1024
const pieceBytes = 64 * 1024
/** A packet of so many bytes is followed by more of the same. */
const continued = 0xffffff

/** What a packet holds, with all that continues it; undefined when the connection ended first. */
export async function readBody(socket: Duplex): Promise<{ body: Buffer } | { tooLong: number } | undefined> {
  const first = await readBytes(socket, 4)
  if (!first) return undefined
  const { length } = readHead(first)
  if (length <= longestBody) {
    const body = length === 0 ? Buffer.alloc(0) : await readBytes(socket, length)
    return body && { body }
  }
  let total = 0
  for (let left = length, whole = length; ; ) {
    if (!(await skip(socket, left))) return undefined
    total += left
    if (whole < continued) return { tooLong: total }
    const head = await readBytes(socket, 4)
    if (!head) return undefined
    whole = readHead(head).length
    left = whole
  }
}

async function skip(socket: Duplex, length: number): Promise<boolean> {
  for (let left = length; left > 0; left -= pieceBytes) if (!(await readBytes(socket, Math.min(left, pieceBytes)))) return false
  return true
}
