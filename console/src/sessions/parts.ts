import type { replay } from '@claviger/api'

/** Parts that are kept: the one that is shown, the next, and where one was just now. */
const kept = 6

/** The parts of a recording, each asked for once while it is kept. One that did not come is asked for again the next time. */
export class Parts {
  readonly #fetch: (n: number) => Promise<replay.ReplayPart>
  readonly #held = new Map<number, Promise<replay.ReplayPart>>()
  readonly #here = new Map<number, replay.ReplayPart>()

  constructor(fetch: (n: number) => Promise<replay.ReplayPart>) {
    this.#fetch = fetch
  }

  /** What is here already. */
  now(n: number): replay.ReplayPart | undefined {
    return this.#here.get(n)
  }

  get(n: number): Promise<replay.ReplayPart> {
    const part = this.#held.get(n) ?? this.#fetch(n)
    this.#held.delete(n)
    this.#held.set(n, part)
    part.then(
      (here) => this.#held.has(n) && this.#here.set(n, here),
      () => this.#held.delete(n),
    )
    for (const [oldest] of this.#held) {
      if (this.#held.size <= kept) break
      this.#held.delete(oldest)
      this.#here.delete(oldest)
    }
    return part
  }
}

/** The part in which a second of the recording lies. */
export function partAt(starts: readonly number[], seconds: number): number {
  let [low, high] = [0, starts.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((starts[middle] as number) <= seconds) low = middle
    else high = middle - 1
  }
  return low
}
