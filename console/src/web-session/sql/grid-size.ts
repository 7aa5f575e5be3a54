import type { Cell, Result } from './state.ts'

/** Pixels of a row. All are alike, so that which of them are seen is arithmetic. */
export const rowHeight = 28
/** Pixels of the rows that are seen at once. */
export const mostHeight = 420
/** Rows beyond what is seen, for a scroll that is faster than drawing. */
const beyond = 8
/** Columns that are drawn; a file has all of them. */
export const mostColumns = 300
const narrowest = 5
const widest = 40
/** Rows by which a column's width is chosen; it stays when more come. */
const looked = 100

/** Which rows are drawn, from and up to. */
export function drawn(rows: number, scrolled: number): [from: number, to: number] {
  const first = Math.floor(scrolled / rowHeight)
  return [Math.max(0, first - beyond), Math.min(rows, first + Math.ceil(mostHeight / rowHeight) + beyond)]
}

/** Widths in characters. */
export function widthsOf({ columns, rows }: Pick<Result, 'columns' | 'rows'>): number[] {
  return columns.slice(0, mostColumns).map(({ name }, at) => {
    let most = name.length
    for (let n = 0; n < Math.min(looked, rows.length) && most < widest; n++) most = Math.max(most, widthOf(rows[n]?.[at] ?? null))
    return Math.min(widest, Math.max(narrowest, most))
  })
}

const widthOf = (cell: Cell): number => (cell === null ? 4 : typeof cell === 'string' ? cell.length : widest)

const numbers = /^(int|float|numeric|decimal|double|bigint|smallint|tinyint|mediumint|oid|money|year)/
/** Numbers stand to the right. */
export const isNumber = (type: string): boolean => numbers.test(type) && !type.endsWith('[]')

export interface Spot {
  row: number
  column: number
}

/** A value that somebody wants to see whole. */
export interface Chosen {
  column: string
  /** From 1. */
  row: number
  value: Cell
}

const page = Math.floor(mostHeight / rowHeight) - 1

/** Where a key leads from a place in the grid; undefined where it leads nowhere. */
export function moved(
  { row, column }: Spot,
  key: string,
  far: boolean,
  { rows, columns }: { rows: number; columns: number },
): Spot | undefined {
  const to = {
    ArrowUp: { row: row - 1, column },
    ArrowDown: { row: row + 1, column },
    ArrowLeft: { row, column: column - 1 },
    ArrowRight: { row, column: column + 1 },
    PageUp: { row: row - page, column },
    PageDown: { row: row + page, column },
    Home: { row: far ? 0 : row, column: 0 },
    End: { row: far ? rows - 1 : row, column: columns - 1 },
  }[key]
  if (!to) return undefined
  return { row: Math.min(rows - 1, Math.max(0, to.row)), column: Math.min(columns - 1, Math.max(0, to.column)) }
}
