/** A prepared statement: its text, and what is known of its parameters' types. */
export interface Prepared {
  sql: string
  truncated: boolean
  types: readonly number[]
}

/** A portal: a prepared statement with its values, ready to be executed. */
export interface Portal {
  sql: string
  truncated: boolean
  parameters: readonly (string | null)[]
}

/** Puts a name back as it was before one message. */
export type Undo = () => void

/**
 * What the names of one session mean, in the order in which the client sent its messages. A message that the server refuses
 * or skips is taken back with its undo, in reverse order.
 */
export class Names<T extends { sql: string }> {
  readonly #known = new Map<string, { value: T; since: number }>()
  #since = 0
  #size = 0

  /** Characters of all texts together, and a fixed cost for each name. */
  get size(): number {
    return this.#size
  }

  /** Grows with each name that is set; what was set before a moment has a smaller one. */
  get moment(): number {
    return this.#since
  }

  get(name: string): T | undefined {
    return this.#known.get(name)?.value
  }

  set(name: string, value: T): Undo {
    return this.#put(name, { value, since: this.#since++ })
  }

  delete(name: string): Undo {
    return this.#put(name, undefined)
  }

  /** Forgets what was set before `moment`. */
  forget(moment: number): void {
    if (this.#known.size === 0) return
    for (const [name, { since }] of this.#known) if (since < moment) this.#put(name, undefined)
  }

  #put(name: string, next: { value: T; since: number } | undefined): Undo {
    const before = this.#known.get(name)
    if (before) this.#size -= cost(name, before.value)
    if (next) {
      this.#size += cost(name, next.value)
      this.#known.set(name, next)
    } else this.#known.delete(name)
    return () => {
      const now = this.#known.get(name)
      // a message behind it was understood in the meantime: that is what the name means now
      if (now === next) this.#put(name, before)
    }
  }
}

const cost = (name: string, { sql }: { sql: string }): number => 200 + name.length + sql.length
