/*
 * What a client says and reads until it is logged in (PostgreSQL docs, chapter "Frontend/Backend Protocol").
 */

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

/** PasswordMessage, whose body depends on what was asked for. */
export function passwordMessage(body: Buffer): Buffer {
  const head = Buffer.from([0x70, 0, 0, 0, 0])
  head.writeUInt32BE(4 + body.length, 1)
  return Buffer.concat([head, body])
}

/** The code in an Authentication message (type R): 0 ok, 3 clear text, 5 MD5, 10 SASL, 11 SASL continue, 12 SASL final. */
export const authenticationCode = (body: Buffer): number => (body.length >= 4 ? body.readUInt32BE(0) : -1)

/** AuthenticationSASL: names of mechanisms, each ended by a zero byte, and one more at the end. */
export const saslMechanisms = (body: Buffer): string[] => body.toString('latin1', 4).split('\0').filter(Boolean)

/** CancelRequest: its code, and the process id and secret key that the server gave after the login. */
export function cancelRequest(processId: number, secretKey: Uint8Array): Buffer {
  const head = Buffer.alloc(12)
  head.writeUInt32BE(12 + secretKey.length, 0)
  head.writeUInt32BE(80_877_102, 4)
  head.writeInt32BE(processId, 8)
  return Buffer.concat([head, secretKey])
}

/** Query: one text of one or more statements. Holds no zero byte. */
export function queryMessage(sql: string): Buffer {
  const body = Buffer.from(`${sql}\0`)
  const head = Buffer.from([0x51, 0, 0, 0, 0])
  head.writeUInt32BE(4 + body.length, 1)
  return Buffer.concat([head, body])
}

export interface CancelKey {
  processId: number
  secret: Uint8Array
}

/** BackendKeyData: process id and secret key, of 4 bytes in protocol 3.0 and up to 256 later. */
export const readCancelKey = (body: Buffer): CancelKey | undefined =>
  body.length >= 8 ? { processId: body.readInt32BE(0), secret: Uint8Array.from(body.subarray(4)) } : undefined

/** ParameterStatus: name and value, each ended by a zero byte. */
export function readParameter(body: Buffer): [name: string, value: string] {
  const [name = '', value = ''] = body.toString('utf8').split('\0')
  return [name, value]
}
