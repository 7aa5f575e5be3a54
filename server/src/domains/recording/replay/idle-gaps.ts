/** Nothing was shown for longer than this: a replay that skips idle time waits only so long. */
const idleSeconds = 2

/** Where nothing happened, of times that come one after the other. */
export class IdleGaps {
  readonly all: [from: number, to: number][]
  #before: number

  constructor(before: { gaps: readonly [number, number][]; seconds: number } = { gaps: [], seconds: 0 }) {
    this.all = [...before.gaps]
    this.#before = before.seconds
  }

  get last(): number {
    return this.#before
  }

  add(seconds: number): void {
    if (seconds - this.#before > idleSeconds) this.all.push([this.#before, seconds])
    this.#before = Math.max(this.#before, seconds)
  }
}
