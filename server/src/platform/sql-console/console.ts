/** A cell as text; null is SQL's null. What was longer than is shown says how long it was. */
export type Cell = string | null | { cut: string; length: number }

export type Transaction = 'none' | 'open' | 'failed'

/** What a database says while a text of one or more statements runs, in its order. */
export type SqlEvent =
  | { kind: 'notice'; severity: string; message: string }
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
  /** Has the database stop what runs; a moment later it is idle. Never rejects. */
  cancel(): Promise<void>
  close(): void
}

/** `hear` may answer a promise: until it settles nothing more is read. `gone` is called once, with what was said last where it was a refusal. */
export interface Hears {
  hear(event: SqlEvent): Promise<void> | void
  gone(why: string | undefined): void
}

/** Characters of a cell that are shown. */
const longestCell = 10_000

export const cellOf = (text: string): Cell => (text.length <= longestCell ? text : { cut: text.slice(0, longestCell), length: text.length })
