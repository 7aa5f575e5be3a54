import { isCardNumber, longest, mayBegin, shortest } from './issuers.ts'

/** What of a run may stay readable when nobody could wait for its end: as many digits as name the issuer. */
const shownEarly = 6

export interface Decided {
  /** Position in the stream of a digit. */
  at: number
  masked: boolean
  /** As part of a card number. */
  card: boolean
}

/** What else masks a group of digits that stand together: how many of them, from which position on. */
export type MasksGroup = (at: number, length: number, over: boolean) => boolean

/**
 * Digits that follow each other, whatever stands between them that does not end a number. Each is decided when no number that it may belong to
 * can end any more: after eighteen further digits, or with the run.
 */
export class DigitRun {
  #digits: number[] = []
  #at: number[] = []
  /** Whether it stands apart from the digit before it. */
  #apart: boolean[] = []
  #card: boolean[] = []
  #decided = 0

  get isEmpty(): boolean {
    return this.#digits.length === 0
  }

  /** Position of the first digit about which nothing is decided. */
  get open(): number | undefined {
    return this.#at[this.#decided]
  }

  add(digit: number, at: number, apart: boolean): void {
    const digits = this.#digits
    digits.push(digit)
    this.#at.push(at)
    this.#apart.push(apart)
    this.#card.push(false)
    for (let length = shortest; length <= Math.min(longest, digits.length); length++) {
      const from = digits.length - length
      if (isCardNumber(digits, from, length)) this.#card.fill(true, from)
    }
  }

  /** Decides what can be decided by now. */
  *ripe(masks: MasksGroup): Generator<Decided> {
    while (this.#decided <= this.#digits.length - longest) yield this.#decide(masks, false, false)
    this.#forget()
  }

  /** Nothing follows: decides all of it, and begins anew. */
  *end(masks: MasksGroup): Generator<Decided> {
    while (this.#decided < this.#digits.length) yield this.#decide(masks, true, false)
    this.#digits = []
    this.#at = []
    this.#apart = []
    this.#card = []
    this.#decided = 0
  }

  /** Nobody waits any longer, and more may follow: what might be masked then is masked now, but for the first six digits. */
  *early(masks: MasksGroup): Generator<Decided> {
    while (this.#decided < this.#digits.length) yield this.#decide(masks, true, true)
    this.#forget()
  }

  #decide(masks: MasksGroup, all: boolean, unsure: boolean): Decided {
    const k = this.#decided++
    const at = this.#at[k] as number
    const card = this.#card[k] as boolean
    return { at, card, masked: card || (unsure && this.#mayBeCard(k)) || this.#isCode(k, masks, all && !unsure) }
  }

  #isCode(k: number, masks: MasksGroup, over: boolean): boolean {
    let from = k
    while (from > 0 && !this.#apart[from]) from--
    let to = k + 1
    while (to < this.#digits.length && !this.#apart[to]) to++
    return masks(this.#at[from] as number, to - from, over || to < this.#digits.length)
  }

  #mayBeCard(k: number): boolean {
    for (let from = Math.max(0, k - longest + 1); from <= k - shownEarly; from++) if (mayBegin(this.#digits, from)) return true
    return false
  }

  /** A number that ends later reaches back over eighteen digits. */
  #forget(): void {
    const old = this.#digits.length - 2 * longest
    if (old < 4 * longest) return
    for (const list of [this.#digits, this.#at, this.#apart, this.#card]) list.splice(0, old)
    this.#decided -= old
  }
}
