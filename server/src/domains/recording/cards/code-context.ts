import { type CodeWord, codeWord } from './code-words.ts'

/** So far behind the word, in bytes, a number is the one that it announces. */
const wordReaches = 40
/** So far behind a card number what stands in the same line may be its code or its expiry. */
const cardReaches = 64
/** Of a magnetic stripe the longest track has 107 characters. */
const trackReaches = 110
/** Lines of a table without a number of that kind, after which it is over. */
const mostOther = 2
const longestWord = 64

const verification: CodeWord = { from: 3, to: 4 }
const delimiters = [0x09, 0x2c, 0x3b, 0x7c]
const underscore = 0x5f
const dash = 0x2d
const question = 0x3f
/** `=`, `^`, and `D` where a chip tells it: more about the card stands behind its number. */
const beginsTrack = [0x3d, 0x5e, 0x44, 0x64]

/** Knows at each place of a text whether a number there would be a code: by the words before it, the head of its column, or the card number beside it. */
export class CodeContext {
  readonly #everywhere: CodeWord | undefined
  #word = ''
  #wordBefore = ''
  #announced: { by: CodeWord; until: number } | undefined
  #cardUntil = -1
  #trackUntil = -1
  /** A table whose head names a code: what delimits its columns, and lines since a code stood in it. */
  #table: { by: CodeWord; delimiter: number | undefined; other: number } | undefined
  #head: CodeWord | undefined
  #delimiter: number | undefined
  #hasCode = false
  #hasLetters = false

  constructor(everywhere: CodeWord | undefined) {
    this.#everywhere = everywhere
  }

  /** What is no digit. */
  take(byte: number, at: number): void {
    if (delimiters.includes(byte)) this.#delimiter ??= byte
    if (byte === question) this.#trackUntil = -1
    const lower = byte | 0x20
    const isLetter = lower >= 0x61 && lower <= 0x7a
    if (isLetter) this.#hasLetters = true
    if (!isLetter && byte !== underscore && byte !== dash) this.endWord(at)
    else if (this.#word.length < longestWord) this.#word += String.fromCharCode(isLetter ? lower : byte)
  }

  endWord(at: number): void {
    const word = this.#word
    if (word === '') return
    this.#word = ''
    const announced = codeWord(word) ?? codeWord(`${this.#wordBefore}_${word}`)
    this.#wordBefore = word
    if (!announced) return
    this.#announced = { by: announced, until: at + wordReaches }
    this.#head = announced
  }

  /** A digit of a card number stands at `at`. */
  card(at: number): void {
    this.#cardUntil = at + cardReaches
  }

  /** A card number ended before this. */
  afterCard(byte: number, at: number): void {
    if (beginsTrack.includes(byte)) this.#trackUntil = at + trackReaches
  }

  endLine(at: number): void {
    this.endWord(at)
    if (this.#head && !this.#hasCode) this.#table = { by: this.#head, delimiter: this.#delimiter, other: 0 }
    else if (this.#table) {
      const { delimiter } = this.#table
      const fits = this.#hasCode && (delimiter === undefined ? !this.#hasLetters : this.#delimiter !== undefined)
      this.#table.other = fits ? 0 : this.#table.other + 1
      if (this.#table.other > mostOther) this.#table = undefined
    }
    this.#wordBefore = ''
    this.#announced = undefined
    this.#head = undefined
    this.#delimiter = undefined
    this.#cardUntil = -1
    this.#trackUntil = -1
    this.#hasCode = false
    this.#hasLetters = false
  }

  /** Whether so many digits that stand together from `at` are a code. `over`: no other digit follows them. */
  readonly masks = (at: number, length: number, over: boolean): boolean => {
    if (at <= this.#trackUntil) return true
    const fits = ({ from, to }: CodeWord) => length <= to && (length >= from || !over)
    const isCode =
      (this.#everywhere !== undefined && fits(this.#everywhere)) ||
      (this.#announced !== undefined && at <= this.#announced.until && fits(this.#announced.by)) ||
      (this.#table !== undefined && fits(this.#table.by)) ||
      (at <= this.#cardUntil && fits(verification))
    if (isCode) this.#hasCode = true
    return isCode
  }
}
