/** Reads text of a client as its session means it. Never throws, and never loses a byte. */
export type TextReader = (bytes: Uint8Array) => ReadText

export interface ReadText {
  text: string
  /** It holds bytes that are no text in this encoding: each stands as `\xHH`. */
  escaped: boolean
}

/** PostgreSQL's names of encodings (docs, "Character Set Support") and those of the WHATWG that mean the same. */
const known = new Map([
  ['UTF8', 'utf-8'],
  ['WIN1252', 'windows-1252'],
  ...[2, 3, 4, 5, 6, 7, 8, 10].map((n) => [isoName(n), `iso-8859-${n}`] as const),
  ['LATIN5', 'windows-1254'],
  ['LATIN7', 'iso-8859-13'],
  ['LATIN8', 'iso-8859-14'],
  ['LATIN9', 'iso-8859-15'],
  ['LATIN10', 'iso-8859-16'],
  ...['1250', '1251', '1253', '1254', '1255', '1256', '1257', '1258'].map((n) => [`WIN${n}`, `windows-${n}`] as const),
  ['WIN866', 'ibm866'],
  ['WIN874', 'windows-874'],
  ['KOI8R', 'koi8-r'],
  ['KOI8U', 'koi8-u'],
  ['EUC_JP', 'euc-jp'],
  ['SJIS', 'shift_jis'],
  ['EUC_KR', 'euc-kr'],
  ['UHC', 'euc-kr'],
  ['EUC_CN', 'gbk'],
  ['GBK', 'gbk'],
  ['GB18030', 'gb18030'],
  ['BIG5', 'big5'],
])

/** ISO 8859-2 is LATIN2, -9 LATIN5, -10 LATIN6; those without a Latin number keep their own. */
function isoName(n: number): string {
  const latin = new Map([...[2, 3, 4].map((same) => [same, `LATIN${same}`] as const), [10, 'LATIN6']])
  return latin.get(n) ?? `ISO_8859_${n}`
}

/**
 * The reader for what `SHOW client_encoding` says. What is not known, and bytes that the encoding has no sign for, come as
 * `\xHH`: shown in another way they could hide what was asked.
 */
export function readerFor(encoding: string): TextReader {
  if (encoding === 'LATIN1') return latin1
  const label = known.get(encoding)
  if (label === undefined) return (bytes) => (isAscii(bytes) ? { text: ascii(bytes), escaped: false } : escapeBytes(bytes))
  const decoder = new TextDecoder(label, { fatal: true, ignoreBOM: true })
  // WHATWG has ISO 8859-9 as windows-1254 only, which differs in 0x80 to 0x9f
  const hasControls = encoding === 'LATIN5' ? (bytes: Uint8Array) => bytes.some((byte) => byte >= 0x80 && byte < 0xa0) : () => false
  return (bytes) => {
    if (isAscii(bytes)) return { text: ascii(bytes), escaped: false }
    if (hasControls(bytes)) return escapeBytes(bytes)
    try {
      return { text: decoder.decode(bytes), escaped: false }
    } catch {
      return escapeBytes(bytes)
    }
  }
}

/** Each byte is the sign with its number; WHATWG would read windows-1252. */
const latin1: TextReader = (bytes) => ({ text: asBuffer(bytes).toString('latin1'), escaped: false })

/** ASCII means the same in every encoding of a client. */
export const isAscii = (bytes: Uint8Array): boolean => {
  for (let i = 0; i < bytes.length; i++) if ((bytes[i] as number) >= 0x80) return false
  return true
}

function escapeBytes(bytes: Uint8Array): ReadText {
  const text = asBuffer(bytes)
    .toString('latin1')
    .replaceAll(/[\u0080-\u00ff]/g, (sign) => `\\x${sign.charCodeAt(0).toString(16)}`)
  return { text, escaped: true }
}

const ascii = (bytes: Uint8Array): string => asBuffer(bytes).toString('latin1')
const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

export const utf8: TextReader = readerFor('UTF8')
