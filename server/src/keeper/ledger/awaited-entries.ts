/** Who waits for an entry to be signed, or for the next batch. */
export class AwaitedEntries {
  #waiting = new Map<string, Set<() => void>>()
  #forBatch = new Set<() => void>()

  /** Resolves true when `id` arrived, false after `ms`. */
  async entry(id: string, ms: number): Promise<boolean> {
    const waiters = this.#waiting.get(id) ?? new Set()
    this.#waiting.set(id, waiters)
    const arrived = await wokenOrAfter(waiters, ms)
    if (waiters.size === 0 && this.#waiting.get(id) === waiters) this.#waiting.delete(id)
    return arrived
  }

  /** Resolves after the next batch, or after `ms`. */
  async batch(ms: number): Promise<void> {
    await wokenOrAfter(this.#forBatch, ms)
  }

  arrived(entries: readonly { id: string }[]): void {
    for (const { id } of entries) for (const wake of this.#waiting.get(id) ?? []) wake()
    for (const wake of this.#forBatch) wake()
  }
}

async function wokenOrAfter(waiters: Set<() => void>, ms: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const end = (woken: boolean) => {
      clearTimeout(timer)
      waiters.delete(wake)
      resolve(woken)
    }
    const wake = () => end(true)
    const timer = setTimeout(() => end(false), ms)
    waiters.add(wake)
  })
}
