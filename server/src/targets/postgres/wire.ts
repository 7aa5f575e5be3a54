import type { Duplex } from 'node:stream'

/*
 * As much of PostgreSQL's wire (docs chapter "Frontend/Backend Protocol") as a login needs. Everything after it is pg's.
 */

const longestMessage = 16_384 // no message of a login comes near it

export interface Message {
  type: string
  body: Buffer
}

/** Reads one message; undefined when the connection ended first, or what came is no message of a sane size. */
export async function readMessage(socket: Duplex): Promise<Message | undefined> {
  const head = await readBytes(socket, 5)
  if (!head) return undefined
  const length = head.readUInt32BE(1) - 4
  if (length < 0 || length > longestMessage) return undefined
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

/** SSLRequest: length 8 and the code 80877103. The server answers one byte, S or N. */
export const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f])

/** StartupMessage, protocol 3.0. Values must hold no zero byte. */
export function startupMessage(parameters: Readonly<Record<string, string>>): Buffer {
  const pairs = Object.entries(parameters).flat()
  const body = Buffer.from(`${pairs.map((text) => `${text}\0`).join('')}\0`)
  const head = Buffer.alloc(8)
  head.writeUInt32BE(8 + body.length, 0)
  head.writeUInt32BE(0x0003_0000, 4)
  return Buffer.concat([head, body])
}

/** SASLInitialResponse: mechanism, then the length of the client's first message and that message. */
export function saslInitialResponse(mechanism: string, clientFirst: string): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(Buffer.byteLength(clientFirst))
  return passwordMessage(Buffer.concat([Buffer.from(`${mechanism}\0`), length, Buffer.from(clientFirst)]))
}

export const saslResponse = (clientFinal: string): Buffer => passwordMessage(Buffer.from(clientFinal))

function passwordMessage(body: Buffer): Buffer {
  const head = Buffer.from([0x70, 0, 0, 0, 0])
  head.writeUInt32BE(4 + body.length, 1)
  return Buffer.concat([head, body])
}

/** The code in an Authentication message (type R): 0 ok, 3 clear text, 5 MD5, 10 SASL, 11 SASL continue, 12 SASL final. */
export const authenticationCode = (body: Buffer): number => (body.length >= 4 ? body.readUInt32BE(0) : -1)

/** AuthenticationSASL: names of mechanisms, each ended by a zero byte, and one more at the end. */
export const saslMechanisms = (body: Buffer): string[] => body.toString('latin1', 4).split('\0').filter(Boolean)

/** ErrorResponse: fields of one letter and a text. `C` is the SQLSTATE. */
export function sqlStateIn(body: Buffer): string {
  const field = body
    .toString('latin1')
    .split('\0')
    .find((text) => text.startsWith('C'))
  const code = field?.slice(1) ?? ''
  return /^[0-9A-Z]{5}$/.test(code) ? code : 'XX000'
}
