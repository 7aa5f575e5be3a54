/** What an ErrorResponse or NoticeResponse says, PostgreSQL docs "Error and Notice Message Fields". */
export interface ErrorFields {
  severity: string
  sqlState: string
  message: string
}

/** Fields of one letter and a text, each ended by a zero byte. `V` is the severity that is never translated. */
export function readErrorFields(body: Buffer): ErrorFields {
  const fields = new Map<string, string>()
  for (const field of body.toString('utf8').split('\0')) fields.set(field.charAt(0), field.slice(1))
  return { severity: fields.get('V') ?? fields.get('S') ?? '', sqlState: sqlStateOf(fields.get('C') ?? ''), message: fields.get('M') ?? '' }
}

export const sqlStateIn = (body: Buffer): string => readErrorFields(body).sqlState

const sqlStateOf = (code: string): string => (/^[0-9A-Z]{5}$/.test(code) ? code : 'XX000')
