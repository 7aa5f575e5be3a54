import type { StatementEnd } from '../../contract.ts'

/** More than a client sends between two Syncs; beyond it the oldest are told as the target said them. */
const mostHeld = 10_000

/** Tags of statements that make their effects lasting by themselves, wherever they stand. */
const lasting =
  /^(?:COMMIT|ROLLBACK|PREPARE TRANSACTION|CALL|DO|VACUUM|REINDEX|CLUSTER|ALTER SYSTEM|(?:CREATE|DROP|ALTER) (?:DATABASE|TABLESPACE|INDEX|SUBSCRIPTION))\b/
const opens = /^(?:BEGIN|START TRANSACTION)\b/

/**
 * Statements of the extended protocol that went well and are not lasting yet: outside of a transaction block, everything
 * between two Syncs is one transaction (PostgreSQL docs, "Pipelining"). An error takes them back, also one that comes only
 * at the Sync, from a deferred constraint. Until then their ends are held.
 */
export class Batch {
  readonly #tell: (end: StatementEnd) => void
  #held: StatementEnd[] = []
  /** A transaction block: its own statements say what becomes of it. */
  #inBlock = false

  constructor(tell: (end: StatementEnd) => void) {
    this.#tell = tell
  }

  /** A statement of the extended protocol went well. */
  add(end: StatementEnd): void {
    const tag = end.tag ?? ''
    if (opens.test(tag)) this.#inBlock = true
    this.#held.push(end)
    if (this.#inBlock || lasting.test(tag)) this.keep()
    else if (this.#held.length > mostHeld) this.#tell(this.#held.shift() as StatementEnd)
  }

  /** What went well stays. */
  keep(): void {
    if (this.#held.length > 0) for (const end of this.#held.splice(0)) this.#tell(end)
  }

  /** An error came: what went well in the same transaction is undone. */
  takeBack(error: { sqlState: string; message: string }): void {
    const message = `taken back with its batch: ${error.message}`
    for (const end of this.#held.splice(0)) this.#tell({ ...end, outcome: 'failed', sqlState: error.sqlState, message })
  }

  /** The session ended before the batch did: the target undoes it. */
  cut(): void {
    for (const end of this.#held.splice(0)) this.#tell({ ...end, outcome: 'cut' })
  }

  /** ReadyForQuery: `idle` when no transaction block is open. */
  ready(idle: boolean): void {
    this.keep()
    this.#inBlock = !idle
  }
}
