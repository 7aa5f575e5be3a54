import type { Row } from './row.ts'
import { type Path, paths, wires } from './ways.ts'

const heads: Record<Path, string> = {
  native: 'native client',
  web: 'in the browser',
  cli: 'command line',
  api: 'a program',
  forwarded: 'forwarded',
}
const names = { ssh: 'SSH', postgres: 'PostgreSQL', mysql: 'MySQL' }

/** What a cell of the page says: where there is one, whether it leaves the same behind. */
export type Word = (row: Row, path: Path) => string

/** The tables of docs/conformance.md, one for each wire; cells that are none have the number of their reason. */
export function tablesOf(rows: readonly Row[], word: Word): string {
  const reasons = [...new Set(rows.flatMap((row) => paths.map((path) => row.cells[path]).filter((cell) => typeof cell === 'string')))]
  const cell = (row: Row, path: Path) => {
    const is = row.cells[path]
    return typeof is === 'string' ? `– (${reasons.indexOf(is) + 1})` : word(row, path)
  }
  const table = (mine: readonly Row[]) => [
    `| act | ${paths.map((path) => heads[path]).join(' | ')} |`,
    `| --- |${' --- |'.repeat(paths.length)}`,
    ...mine.map((row) => `| ${row.act} | ${paths.map((path) => cell(row, path)).join(' | ')} |`),
  ]
  return [
    ...wires.flatMap((wire) => [`### ${names[wire]}`, '', ...table(rows.filter((row) => row.wire === wire)), '']),
    ...['### Why a cell is none', ''],
    ...reasons.map((reason, at) => `${at + 1}. ${reason}`),
  ].join('\n')
}

/** What stands there when every cell leaves behind what the first of its row does. */
export const asPromised: Word = (row, path) => (path === paths.find((one) => typeof row.cells[one] !== 'string') ? 'as here' : 'same')

const [from, to] = ['<!-- conformance -->', '<!-- /conformance -->']
/** The page with these tables in the place of those that it has. */
export function withTables(page: string, tables: string): string {
  const [start, end] = [page.indexOf(from), page.indexOf(to)]
  if (start < 0 || end < start) throw new Error(`the page has no place between ${from} and ${to}`)
  return `${page.slice(0, start + from.length)}\n${tables}\n${page.slice(end)}`
}
