/** A statement that the target has prepared for the client. */
export interface Prepared {
  sql: string
  unsureEncoding: boolean
  escaped: boolean
  parameters: number
  /** Somebody else is asked each time that it is run. */
  each: boolean
  /** As the client bound them last. */
  types: Buffer | undefined
  /** Values that were sent ahead, piece by piece. */
  long: Map<number, Buffer[]>
  /** The statement that was recorded with all of its text; 0 when none was. */
  n: number
}

/** What a client may have prepared at a time, and characters of it: more than servers allow, and than anyone remembers. */
const most = { statements: 16_384, characters: 64 * 1024 * 1024 }
/** What it may send ahead as values, of all statements together. */
const mostAhead = 16 * 1024 * 1024
/** MariaDB's way to say "the one that was prepared last". */
const lastOne = 0xffff_ffff

/** What the numbers of prepared statements mean in one session. */
export class PreparedStatements {
  readonly #known = new Map<number, Prepared>()
  #characters = 0
  #ahead = 0
  #last: number | undefined

  /** Whether another text of that length is remembered as well. */
  hasRoom(characters: number): boolean {
    return this.#known.size < most.statements && this.#characters + characters <= most.characters
  }

  add(id: number, prepared: Prepared): void {
    this.delete(id)
    this.#known.set(id, prepared)
    this.#characters += prepared.sql.length
    this.#last = id
  }

  get(id: number): Prepared | undefined {
    return this.#known.get(id === lastOne ? (this.#last ?? lastOne) : id)
  }

  delete(id: number): void {
    const prepared = this.get(id)
    if (!prepared) return
    this.forgetAhead(prepared)
    this.#characters -= prepared.sql.length
    this.#known.delete(id === lastOne ? (this.#last ?? lastOne) : id)
  }

  clear(): void {
    this.#known.clear()
    this.#characters = 0
    this.#ahead = 0
    this.#last = undefined
  }

  /** A piece of a value came. False when that is more than can be recorded. */
  sendAhead(prepared: Prepared, place: number, bytes: Buffer): boolean {
    if (this.#ahead + bytes.length > mostAhead) return false
    this.#ahead += bytes.length
    const pieces = prepared.long.get(place)
    if (pieces) pieces.push(bytes)
    else prepared.long.set(place, [bytes])
    return true
  }

  /** It was used, or taken back. */
  forgetAhead(prepared: Prepared): void {
    for (const pieces of prepared.long.values()) for (const piece of pieces) this.#ahead -= piece.length
    prepared.long.clear()
  }
}
