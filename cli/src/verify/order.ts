import { type Findings, rangeIs } from './findings.ts'

/** Watches the places go by, each of which must follow the last, and names what is missing, repeated or moved. */
export class Order {
  readonly #findings: Findings
  #gaps: [first: number, last: number][] = []
  last = 0
  /** Whether every place so far came once and in order: only then do the roots of the tree mean anything. */
  whole = true

  constructor(findings: Findings) {
    this.#findings = findings
  }

  see(place: number, id: string): void {
    if (place !== this.last + 1) this.whole = false
    if (place > this.last) {
      if (!this.whole && place > this.last + 1 && this.#gaps.length < 1000) this.#gaps.push([this.last + 1, place - 1])
      this.last = place
      return
    }
    const at = this.#gaps.findIndex(([first, last]) => first <= place && place <= last)
    const [gap] = at < 0 ? [] : this.#gaps.splice(at, 1)
    if (gap) this.#gaps.push([gap[0], place - 1], [place + 1, gap[1]])
    if (gap) this.#findings.add('entry.out_of_order', `Entry ${place} (${id}) stands after a later one.`, [place, place], id)
    else this.#findings.add('entry.repeated', `Place ${place} is taken more than once, again by ${id}: inserted.`, [place, place], id)
  }

  /** A signed checkpoint saw entries up to here: those that did not come before it are missing. */
  expect(place: number): void {
    if (place <= this.last) return
    this.whole = false
    if (this.#gaps.length < 1000) this.#gaps.push([this.last + 1, place])
    this.last = place
  }

  /** Names the places that never came. */
  finish(): void {
    for (const [first, last] of this.#gaps)
      if (first <= last) this.#findings.add('entry.missing', `The log jumps: ${rangeIs(first, last)} missing, deleted.`, [first, last])
  }
}
