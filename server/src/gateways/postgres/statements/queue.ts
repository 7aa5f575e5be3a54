/** A first-in, first-out queue that moves nothing when it is read, and gives back no memory that it needs again at once. */
export class Queue<T> {
  #items: (T | undefined)[] = []
  #head = 0
  #tail = 0

  get length(): number {
    return this.#tail - this.#head
  }

  get first(): T | undefined {
    return this.#head < this.#tail ? this.#items[this.#head] : undefined
  }

  push(item: T): void {
    this.#items[this.#tail++] = item
  }

  shift(): T | undefined {
    if (this.#head === this.#tail) return undefined
    const item = this.#items[this.#head]
    this.#items[this.#head++] = undefined
    if (this.#head === this.#tail) {
      // many were waiting: what they took is given back
      if (this.#tail > 1024) this.#items = []
      this.#head = 0
      this.#tail = 0
    } else if (this.#head > 1024 && this.#head * 2 > this.#tail) this.#keep(this.#items.slice(this.#head, this.#tail))
    return item
  }

  /** The place of the first one that fits, counted from the front; -1 when there is none. */
  find(fits: (item: T) => boolean): number {
    for (let i = this.#head; i < this.#tail; i++) if (fits(this.#items[i] as T)) return i - this.#head
    return -1
  }

  /** Takes out every one up to the first that fits `until`, if it fits `out`. */
  removeUntil(until: (item: T) => boolean, out: (item: T) => boolean): void {
    const stop = this.find(until)
    const end = stop < 0 ? this.#tail : this.#head + stop
    const kept = this.#items.slice(this.#head, end).filter((item) => !out(item as T))
    this.#keep([...kept, ...this.#items.slice(end, this.#tail)])
  }

  #keep(items: (T | undefined)[]): void {
    this.#items = items
    this.#head = 0
    this.#tail = items.length
  }
}
