/**
 * Work that nobody waits for, done once this turn of the event loop has passed on what came: a key is on its way before anybody thinks about it. One
 * piece of work waits at most; the next one has it done first, so that all are done in their order.
 */
export class Soon {
  readonly #failed: (error: unknown) => void
  #work: (() => void) | undefined

  constructor(failed: (error: unknown) => void) {
    this.#failed = failed
  }

  do(work: () => void): void {
    this.catchUp()
    this.#work = work
    setImmediate(() => this.#work === work && this.catchUp())
  }

  /** Does now what waits. */
  catchUp(): void {
    const work = this.#work
    if (!work) return
    this.#work = undefined
    try {
      work()
    } catch (error) {
      this.#failed(error)
    }
  }
}
