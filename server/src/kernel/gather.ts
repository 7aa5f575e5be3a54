/** How what comes together is handed on. */
export interface Gathering<I> {
  /** Milliseconds that the first waits for others; else they come in the same turn of the loop. */
  forMs?: number
  /** As many at once; what comes beyond follows in another call. */
  most?: number
  /** Two that say the same here never go in one call: the second sees what the first did. */
  key?(item: I): string
  /** An error that may be about one of them alone: then each is tried by itself. */
  ofOne?(error: unknown): boolean
}

/**
 * What many ask for in one turn of the loop, or within a few milliseconds, becomes one call of `run`, which answers in their order. Each hears its own answer, and asks as if it were
 * alone: one statement, one commit or one write of a file then serves all of them.
 */
export function gather<I, O>(
  run: (items: readonly I[]) => Promise<readonly O[]>,
  { forMs, most = 500, key, ofOne }: Gathering<I> = {},
): (item: I) => Promise<O> {
  interface Asked {
    item: I
    settle(answer: O): void
    broke(error: unknown): void
  }
  let waiting: Asked[] = []

  const answer = async (asked: readonly Asked[]): Promise<void> => {
    try {
      const answers = await run(asked.map(({ item }) => item))
      if (answers.length !== asked.length) throw new Error(`${asked.length} asked together and got ${answers.length} answers`)
      for (const [at, one] of asked.entries()) one.settle(answers[at] as O)
    } catch (error) {
      if (asked.length > 1 && ofOne?.(error)) for (const one of asked) await answer([one])
      else for (const { broke } of asked) broke(error)
    }
  }
  const flush = async (all: readonly Asked[]): Promise<void> => {
    let left = all
    while (left.length > 0) {
      const now: Asked[] = []
      const later: Asked[] = []
      const known = new Set<string>()
      for (const one of left) {
        const is = key?.(one.item)
        if (now.length >= most || (is !== undefined && known.has(is))) later.push(one)
        else now.push(one)
        if (is !== undefined) known.add(is)
      }
      await answer(now)
      left = later
    }
  }
  return (item) =>
    new Promise<O>((settle, broke) => {
      waiting.push({ item, settle, broke })
      if (waiting.length > 1) return
      const go = () => {
        const all = waiting
        waiting = []
        void flush(all)
      }
      if (forMs === undefined) setImmediate(go)
      else setTimeout(go, forMs)
    })
}

/** The same for each of several, such as databases: those that ask one of them are together. */
export function gatherFor<K extends object, I, O>(
  run: (on: K, items: readonly I[]) => Promise<readonly O[]>,
  how?: Gathering<I>,
): (on: K, item: I) => Promise<O> {
  const known = new WeakMap<K, (item: I) => Promise<O>>()
  return (on, item) => {
    const one = known.get(on) ?? gather<I, O>((items) => run(on, items), how)
    known.set(on, one)
    return one(item)
  }
}
