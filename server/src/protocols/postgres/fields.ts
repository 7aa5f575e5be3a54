import { type TextReader, utf8 } from './client-encoding.ts'

/** What an ErrorResponse or NoticeResponse says, PostgreSQL docs "Error and Notice Message Fields". */
export interface ErrorFields {
  severity: string
  sqlState: string
  message: string
}

/** Fields of one letter and a text, each ended by a zero byte. `V` is the severity that is never translated. */
export function readErrorFields(body: Buffer, read: TextReader = utf8): ErrorFields {
  const fields = new Map<string, string>()
  for (let at = 0; at < body.length; ) {
    const zero = body.indexOf(0, at)
    const end = zero < 0 ? body.length : zero
    const letter = body.toString('latin1', at, Math.min(at + 1, end))
    fields.set(letter, read(body.subarray(Math.min(at + 1, end), end)).text)
    at = end + 1
  }
  return { severity: fields.get('V') ?? fields.get('S') ?? '', sqlState: sqlStateOf(fields.get('C') ?? ''), message: fields.get('M') ?? '' }
}

export const sqlStateIn = (body: Buffer): string => readErrorFields(body).sqlState

const sqlStateOf = (code: string): string => (/^[0-9A-Z]{5}$/.test(code) ? code : 'XX000')
