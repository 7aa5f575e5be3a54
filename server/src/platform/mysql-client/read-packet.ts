import type { Duplex } from 'node:stream'
import { longestLoginPacket, readHead } from '../../protocols/mysql/index.ts'
import { readBytes } from '../postgres-client/index.ts'

/** Reads one packet and not one byte more; undefined when the connection ended first or it is out of order or of no sane size. */
export async function readPacket(socket: Duplex, sequence: number): Promise<Buffer | undefined> {
  const head = await readBytes(socket, 4)
  if (!head) return undefined
  const { length, sequence: said } = readHead(head)
  if (said !== sequence || length === 0 || length > longestLoginPacket) return undefined
  return readBytes(socket, length)
}
