import { CodeContext } from './code-context.ts'
import type { CodeWord } from './code-words.ts'
import { type Decided, DigitRun } from './digit-run.ts'
import { NumberGap } from './number-gap.ts'

const lineFeed = 0x0a
const carriageReturn = 0x0d
const space = 0x20
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39

/** Reads one channel of text, in order, and says of each digit in it whether it is masked. Positions only grow. */
export class ShownChannel {
  readonly #run = new DigitRun()
  readonly #gap = new NumberGap()
  readonly #codes: CodeContext
  readonly #decided: (at: number, masked: boolean) => void
  #columns: number | undefined
  #column = 0
  /** The terminal's line ended within the run. */
  #wrapped = false
  #lastWasCard = false

  /** `columns`: where a terminal breaks its lines; undefined where none does. */
  constructor(decided: (at: number, masked: boolean) => void, columns?: number, everywhere?: CodeWord) {
    this.#decided = decided
    this.#columns = columns
    this.#codes = new CodeContext(everywhere)
  }

  /** Position of the first digit about which nothing is decided. */
  get open(): number | undefined {
    return this.#run.open
  }

  resize(columns: number): void {
    if (this.#columns !== undefined) this.#columns = columns
  }

  take(byte: number, at: number): void {
    if (isDigit(byte)) this.#digit(byte - 0x30, at)
    else if (byte === lineFeed || byte === carriageReturn) this.#newLine(at)
    else if (byte === 0x09 || (byte >= space && byte !== 0x7f)) this.#other(byte, at)
    // what is left, bells and backspaces, moves nothing apart
  }

  /** Nothing follows. */
  end(): void {
    this.#settle(this.#run.end(this.#codes.masks))
  }

  /** More may follow, and nobody waits for it. */
  early(): void {
    this.#settle(this.#run.early(this.#codes.masks))
  }

  #digit(digit: number, at: number): void {
    const apart = this.#gap.isOpen
    if (!this.#gap.joins) this.#break()
    this.#closeGap()
    this.#codes.endWord(at)
    this.#run.add(digit, at, apart)
    this.#column++
    this.#settle(this.#run.ripe(this.#codes.masks))
  }

  #other(byte: number, at: number): void {
    // the bytes that go on with a character take no place of their own
    if (byte < 0x80 || byte >= 0xc0) this.#column++
    if (!this.#gap.take(byte)) this.#break(byte, at)
    this.#codes.take(byte, at)
  }

  #newLine(at: number): void {
    if (!this.#run.isEmpty && (this.#wrapped || this.#isAtMargin())) {
      this.#wrapped = true
      this.#gap.wrapped()
    } else {
      this.#break()
      this.#codes.endLine(at)
    }
    this.#column = 0
  }

  /** No number goes on behind this. */
  #break(byte?: number, at = 0): void {
    this.end()
    if (this.#lastWasCard && byte !== undefined) this.#codes.afterCard(byte, at)
    this.#lastWasCard = false
    this.#closeGap()
  }

  #closeGap(): void {
    this.#gap.close()
    this.#wrapped = false
  }

  #settle(decided: Iterable<Decided>): void {
    for (const { at, masked, card } of decided) {
      this.#lastWasCard = card
      if (card) this.#codes.card(at)
      this.#decided(at, masked)
    }
  }

  /** Some programs write a space or the next character before they break the line. */
  #isAtMargin(): boolean {
    if (!this.#columns || this.#column === 0) return false
    const over = this.#column % this.#columns
    return over <= 1 || over === this.#columns - 1
  }
}
