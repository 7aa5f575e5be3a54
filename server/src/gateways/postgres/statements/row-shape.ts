import { type PostgresColumn, readColumns } from '../../../protocols/postgres/index.ts'

/** What the target said of the columns of a result, as it came; read when the first row of it is. */
export class RowShape {
  readonly body: Buffer
  #columns: readonly PostgresColumn[] | undefined

  constructor(body: Buffer) {
    this.body = Buffer.from(body)
  }

  get columns(): readonly PostgresColumn[] {
    this.#columns ??= readColumns(this.body) ?? []
    return this.#columns
  }
}
