import type { Cell, Result } from './state.ts'

/** Text that a spreadsheet would run as a formula. A number is none, whatever its sign. */
const formula = /^[=+\-@\t\r]/
const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/**
 * What is shown of a result, as a file for spreadsheets and programs: RFC 4180 with a byte order mark. Null is nothing at all and empty text is `""`,
 * as in PostgreSQL's own COPY. What a spreadsheet would take for a formula gets an apostrophe before it: whoever wrote it into the database is not whoever opens it.
 */
export function toCsv({ columns, rows }: Pick<Result, 'columns' | 'rows'>): string {
  const lines = [columns.map(({ name }) => quoted(name)), ...rows.map((row) => row.map(field))]
  return `\ufeff${lines.map((line) => `${line.join(',')}\r\n`).join('')}`
}

function field(cell: Cell): string {
  if (cell === null) return ''
  return quoted(typeof cell === 'string' ? cell : cell.cut)
}

function quoted(text: string): string {
  const harmless = formula.test(text) && !number.test(text) ? `'${text}` : text
  return harmless === '' || /[",\r\n]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

/** How many values are not whole in it. */
export const cutIn = ({ rows }: Pick<Result, 'rows'>): number =>
  rows.reduce((sum, row) => sum + row.filter((cell) => cell !== null && typeof cell !== 'string').length, 0)
