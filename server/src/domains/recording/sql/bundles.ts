/** Whoever has something to do that nobody waits for. */
export interface Member {
  catchUp(): void
  /** It threw. */
  failed(error: unknown): void
}

/** So many things are done in a row, and none waits longer than this. */
const most = 128
const everyMs = 25

/**
 * Does what may be done a moment later many at a time. The same few functions over and over take a third of the time that they take between two
 * reads of a socket, where the processor has forgotten them each time.
 */
export class Bundles {
  readonly #members = new Set<Member>()
  #count = 0
  #timer: NodeJS.Timeout | undefined

  /** Of this member there is one thing more. */
  add(member: Member): void {
    this.#members.add(member)
    this.#count += 1
    if (this.#count >= most) this.#turn()
    else this.#timer ??= setTimeout(() => this.#turn(), everyMs)
  }

  #turn(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#count = 0
    const members = [...this.#members]
    this.#members.clear()
    for (const member of members) {
      // what befalls one session is nothing to the others
      try {
        member.catchUp()
      } catch (error) {
        member.failed(error)
      }
    }
  }
}
