/** A first-in, first-out queue that moves nothing when it is read. */
export class Queue<T> {
  #items: T[] = []
  #head = 0

  get length(): number {
    return this.#items.length - this.#head
  }

  get first(): T | undefined {
    return this.#items[this.#head]
  }

  push(item: T): void {
    this.#items.push(item)
  }

  shift(): T | undefined {
    const item = this.#items[this.#head]
    if (item === undefined) return undefined
    this.#head += 1
    if (this.#head === this.#items.length) {
      this.#items.length = 0
      this.#head = 0
    } else if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
    return item
  }

  /** The place of the first one that fits, counted from the front; -1 when there is none. */
  find(fits: (item: T) => boolean): number {
    for (let i = this.#head; i < this.#items.length; i++) if (fits(this.#items[i] as T)) return i - this.#head
    return -1
  }

  /** Takes out every one up to the first that fits `until`, if it fits `out`. */
  removeUntil(until: (item: T) => boolean, out: (item: T) => boolean): void {
    const stop = this.find(until)
    const end = stop < 0 ? this.#items.length : this.#head + stop
    const kept = this.#items.slice(this.#head, end).filter((item) => !out(item))
    this.#items = [...kept, ...this.#items.slice(end)]
    this.#head = 0
  }
}
