import type { Duplex } from 'node:stream'
import type { Result } from '../../kernel/result.ts'

/** A cell as text; null is SQL's null. What was longer than is shown says how long it was. */
export type Cell = string | null | { cut: string; length: number }

export type Transaction = 'none' | 'open' | 'failed'

/** What a database says while a text of one or more statements runs, in its order. */
export type SqlEvent =
  | { kind: 'notice'; severity: string; message: string }
  /** Words of ours, and of officers. */
  | { kind: 'said'; message: string }
  /** An officer holds the session, or nobody observes it who has to: nothing passes until it is over. */
  | { kind: 'suspended'; suspended: boolean }
  | { kind: 'columns'; columns: { name: string; type: string }[] }
  | { kind: 'row'; cells: Cell[] }
  | { kind: 'done'; tag: string; rows: number | null }
  | {
      kind: 'failed'
      message: string
      detail: string | null
      hint: string | null
      code: string | null
      /** Character of the text, from 1. */
      position: number | null
    }
  /** The text has run, whatever came of it. The first one says that the login is done. */
  | { kind: 'idle'; transaction: Transaction }

/** A login by which a person's statements run one text after the other. Bounded: of a row no more is kept than is shown. */
export interface SqlConsole {
  /** As it calls itself: `PostgreSQL 18.4`. */
  readonly server: string
  /** Call it when it is idle. Holds no zero byte. */
  run(sql: string): void
  /** What `cancel` needs: nothing but the key of this login, or a connection ticket, since it is a login of its own. */
  readonly cancelBy: 'key' | 'ticket'
  /** Has the database stop what runs; a moment later it is idle. Refused with a sentence. Never rejects. */
  cancel(ticket?: string): Promise<Result<void, string>>
  close(): void
}

export interface ConsoleLogin {
  user: string
  password: string
  database: string
  /** PEM of the authority under which the other end proves who it is, as `localhost`. */
  ca: string
  /** Another connection to the same end, for the request to cancel. */
  another(): Promise<Duplex>
}

/** `hear` may answer a promise: until it settles nothing more is read. `gone` is called once, with what was said last where it was a refusal. */
export interface Hears {
  hear(event: SqlEvent): Promise<void> | void
  gone(why: string | undefined): void
}

/** Characters of a cell that are shown. */
export const longestCell = 10_000
/** Characters of a sentence. */
export const longestText = 8000

export const cellOf = (text: string): Cell => (text.length <= longestCell ? text : { cut: text.slice(0, longestCell), length: text.length })
