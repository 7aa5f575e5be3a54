import type { RowShape } from './row-shape.ts'

/** A text that was sent once and may run often. */
export interface PreparedText {
  sql: string
  unsureEncoding: boolean
  escaped: boolean
  /** The statement that was recorded with all of it; 0 when none was. */
  n: number
}

/** What is known of the rows of a portal. */
export interface PortalRows {
  of: Prepared | undefined
  /** The forms that the client wants, where the target described the statement and not the portal. */
  forms: readonly number[]
  described: RowShape | undefined
}

/** A prepared statement: its text, and what is known of its parameters' types. */
export interface Prepared {
  text: PreparedText
  /** Somebody else is asked each time that it is run. */
  each: boolean
  types: readonly number[]
  /** What the target said of its columns, where rows are kept. */
  described?: RowShape | undefined
  /** Characters that are kept for it. */
  size: number
}

/** A portal: a prepared statement with its values, ready to be executed. */
export interface Portal {
  text: PreparedText
  parameters: readonly (string | null)[]
  unsureEncoding: boolean
  escaped: boolean
  /** The statement that was recorded with its values; 0 when none was. */
  n: number
  size: number
  /** What its rows look like, where they are kept. */
  gives?: PortalRows | undefined
}

/** The longest name of the server, NAMEDATALEN - 1. It cuts longer ones, so that two names would mean one thing. */
const longestName = 63

/** A name that means the same to us and to the server, in whatever encoding and however it cuts names. */
export const isPlainName = (name: string): boolean => name.length <= longestName && /^[\x01-\x7f]*$/.test(name)

/** Puts a name back as it was before one message. */
export type Undo = () => void

/**
 * What the names of one session mean, in the order in which the client sent its messages. A message that the server refuses
 * or skips is taken back with its undo, in reverse order.
 */
export class Names<T extends { size: number }> {
  readonly #known = new Map<string, Meaning<T>>()
  #since = 0
  #size = 0

  /** Characters that are kept for all of them together, and a fixed cost for each name. */
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

  /** More is kept for this one than when it was set. */
  grow(name: string, value: T, by: number): void {
    value.size += by
    if (this.get(name) === value) this.#size += by
  }

  /** Forgets what was set before `moment`. */
  forget(moment: number): void {
    if (this.#known.size === 0) return
    for (const [name, { since }] of this.#known) if (since < moment) this.#put(name, undefined)
  }

  #put(name: string, next: Meaning<T> | undefined): Undo {
    const before = this.#known.get(name)
    if (before) this.#size -= cost(name, before.value)
    if (next) {
      this.#size += cost(name, next.value)
      this.#known.set(name, next)
    } else this.#known.delete(name)
    return () => {
      const now = this.#known.get(name)
      // a message behind it was understood in the meantime: that is what the name means now, and if it is taken back too, what it meant before this one
      if (now !== next && next) next.instead = { was: before }
      else if (now === next) this.#put(name, standing(before))
    }
  }
}

interface Meaning<T> {
  value: T
  since: number
  /** It was taken back while another stood behind it. */
  instead?: { was: Meaning<T> | undefined }
}

function standing<T>(meaning: Meaning<T> | undefined): Meaning<T> | undefined {
  let one = meaning
  while (one?.instead) one = one.instead.was
  return one
}

const cost = (name: string, { size }: { size: number }): number => 200 + name.length + size
