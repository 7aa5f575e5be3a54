import { harmless, type Paint, padTo, type Style, shorten, widthOf } from './text.ts'

export interface Column<Row> {
  title: string
  value(row: Row): string
  style?(row: Row): Style | undefined
}

/** A table for people: aligned, with headings, cut to the width of the terminal by shortening the widest column. */
export function drawTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number, paint: Paint): string {
  const cells = rows.map((row) => columns.map((column) => harmless(column.value(row))))
  const widths = columns.map((column, at) => Math.max(widthOf(column.title), ...cells.map((row) => widthOf(row[at] ?? ''))))
  const gap = 2
  for (let over = widths.reduce((sum, w) => sum + w + gap, -gap) - width; over > 0; ) {
    const widest = widths.indexOf(Math.max(...widths))
    const less = Math.min(over, Math.max(0, (widths[widest] ?? 0) - 12))
    if (less === 0) break
    widths[widest] = (widths[widest] ?? 0) - less
    over -= less
  }
  const line = (texts: string[], style: (at: number) => Style | undefined) =>
    texts
      .map((text, at) => {
        const cut = shorten(widths[at] ?? 0, text)
        const cell = at === texts.length - 1 ? cut : padTo(widths[at] ?? 0, cut)
        return paint(style(at), cell)
      })
      .join(' '.repeat(gap))
      .trimEnd()
  const head = line(
    columns.map((column) => column.title),
    () => 'dim',
  )
  const body = rows.map((row, index) => line(cells[index] ?? [], (at) => columns[at]?.style?.(row)))
  return `${[head, ...body].join('\n')}\n`
}

/** The same for programs: tab-separated, no headings, nothing shortened. */
export const plainTable = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string =>
  rows.map((row) => `${columns.map((column) => harmless(column.value(row))).join('\t')}\n`).join('')
