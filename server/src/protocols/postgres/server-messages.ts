/*
 * What a server says (PostgreSQL docs, "Message Formats"), as far as we say it ourselves.
 */

/** One message: type letter, length, body. */
function message(type: string, body: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(5 + body.length)
  bytes.write(type, 0, 'latin1')
  bytes.writeUInt32BE(4 + body.length, 1)
  body.copy(bytes, 5)
  return bytes
}

const int32 = (...numbers: number[]): Buffer => {
  const bytes = Buffer.alloc(4 * numbers.length)
  for (const [i, number] of numbers.entries()) bytes.writeInt32BE(number, 4 * i)
  return bytes
}
/** What ends at its zero byte must hold none. */
const text = (value: string): string => `${value.replaceAll('\0', '')}\0`

export const authenticationOk = message('R', int32(0))
export const authenticationCleartext = message('R', int32(3))
export const readyForQuery = message('Z', Buffer.from('I'))
export const parameterStatus = (name: string, value: string): Buffer => message('S', Buffer.from(text(name) + text(value)))
export const backendKeyData = (processId: number, secret: Uint8Array): Buffer => message('K', Buffer.concat([int32(processId), secret]))

/**
 * By which a page of ours hears a sentence of ours, so that it is not taken for the target's, and that nothing passes (`on`) or passes again (`off`).
 * To clients of others they are not said.
 */
export const pageParameters = { says: 'claviger.says', suspended: 'claviger.suspended' } as const

/** The newest minor version that we speak, and the protocol options of the client that we do not know. */
export const negotiateProtocolVersion = (minor: number, unknown: readonly string[]): Buffer =>
  message('v', Buffer.concat([int32(minor, unknown.length), Buffer.from(unknown.map(text).join(''))]))

/** Ends the session for the client. `sqlState`: PostgreSQL docs, appendix A. */
export const fatalError = (sqlState: string, sentence: string, hint?: string): Buffer => report('E', 'FATAL', sqlState, sentence, hint)

/** Refuses one statement. */
export const statementError = (sqlState: string, sentence: string): Buffer => report('E', 'ERROR', sqlState, sentence)

/** Shown by psql at once, and by most clients in their log. */
export const notice = (sentence: string): Buffer => report('N', 'NOTICE', '00000', sentence)

function report(type: string, severity: string, sqlState: string, sentence: string, hint?: string): Buffer {
  const fields = [`S${severity}`, `V${severity}`, `C${sqlState}`, `M${sentence}`, ...(hint === undefined ? [] : [`H${hint}`])]
  return message(type, Buffer.from(`${fields.map(text).join('')}\0`))
}
