import { isAscii, type ReadText, readerFor, type TextReader } from '../../../protocols/postgres/index.ts'

/** Character sets by the collations that a login can name in one byte, under the names of those who read them. */
const readers: readonly [encoding: string, collations: readonly number[]][] = [
  ['WIN1252', [5, 8, 15, 31, 47, 48, 49, 94]],
  ['WIN1251', [14, 23, 50, 51, 52]],
  ['WIN1250', [26, 34, 44, 66, 99]],
  ['KOI8R', [7, 74]],
  ['KOI8U', [22, 75]],
  ['SJIS', [13, 88]],
  ['EUC_JP', [12, 91]],
  ['EUC_KR', [19, 85]],
  ['GBK', [28, 87]],
  ['BIG5', [1, 84]],
]
const ofUtf8 = (collation: number): boolean => [11, 33, 45, 46, 63, 65, 76, 83].includes(collation) || collation >= 192

const readerOf = (collation: number): TextReader => {
  const [encoding] = readers.find(([, collations]) => collations.includes(collation)) ?? []
  // what is not known is shown byte by byte where it is not ASCII
  return readerFor(encoding ?? (ofUtf8(collation) ? 'UTF8' : 'unknown'))
}

/** Texts that may have the session take another character set from now on, whatever they do it with. */
const changesIt = /\bset\b[^;]*\b(?:names|char(?:acter)?\s+set|character_set_|charset)|\bcall\b/i

/** Which character set a session's text is in: the one of the login, until it may have become another. */
export class SessionText {
  readonly #reader: TextReader
  #unsure = false

  constructor(collation: number) {
    this.#reader = readerOf(collation)
  }

  read(bytes: Uint8Array): ReadText & { unsureEncoding: boolean } {
    const read = this.#reader(bytes)
    return { ...read, unsureEncoding: this.#unsure && !isAscii(bytes) }
  }

  /** The statement went to the target. */
  ran(sql: string): void {
    if (!this.#unsure && changesIt.test(sql.length > 4096 ? sql.slice(0, 4096) : sql)) this.#unsure = true
  }
}
