// biome-ignore-all lint/a11y/useSemanticElements: a table lays out all of its rows, and here are only those that are seen
// biome-ignore-all lint/a11y/useFocusableInteractive: of a grid one cell can be reached by Tab, as ARIA has it
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { type Chosen, drawn, isNumber, mostColumns, mostHeight, moved, rowHeight, type Spot, widthsOf } from './grid-size.ts'
import styles from './result-grid.module.css'
import type { Cell, Result } from './state.ts'

/** Rows of a result, of which only those are in the page that are seen. One cell at a time can be reached by Tab, the others by arrows. */
export function ResultGrid({ result, onOpen }: { result: Result; onOpen: (chosen: Chosen) => void }) {
  const { rows, columns } = result
  const frame = useRef<HTMLDivElement>(null)
  const [scrolled, setScrolled] = useState(0)
  const [spot, setSpot] = useState<Spot>({ row: 0, column: 0 })
  const moves = useRef(false)
  const shown = columns.slice(0, mostColumns)
  // what a column needs is looked at when it begins, and it does not jump when more rows come
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const widths = useMemo(() => widthsOf(result), [columns, rows.length > 0])
  const template = `${String(rows.length).length + 3}ch ${widths.map((width) => `${width + 3}ch`).join(' ')}`
  const [from, to] = drawn(rows.length, scrolled)
  const places = [...Array(Math.max(0, to - from)).keys()].map((n) => from + n)
  // who stands on a row that is not drawn comes in at the first that is
  const tabRow = spot.row >= from && spot.row < to ? spot.row : from

  useEffect(() => {
    const cell = moves.current ? frame.current?.querySelector<HTMLElement>(`[data-spot="${spot.row}.${spot.column}"]`) : null
    if (!cell) return
    moves.current = false
    cell.focus({ preventScroll: true })
    cell.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  })
  const open = ({ row, column }: Spot) => {
    const value = rows[row]?.[column]
    if (value !== undefined) onOpen({ column: columns[column]?.name ?? '', row: row + 1, value })
  }
  const keys = (event: KeyboardEvent) => {
    const here = { row: tabRow, column: spot.column }
    const led = moved(here, event.key, event.ctrlKey || event.metaKey, { rows: rows.length, columns: shown.length })
    if (event.key === 'Enter') open(here)
    else if (led) {
      moves.current = true
      setSpot(led)
      // it is drawn first, and has the focus then
      const element = frame.current
      const top = led.row * rowHeight
      if (element && (top < element.scrollTop || top + 2 * rowHeight > element.scrollTop + mostHeight))
        element.scrollTop = top < element.scrollTop ? top : top - mostHeight + 3 * rowHeight
    } else return
    event.preventDefault()
  }

  return (
    <>
      <div
        ref={frame}
        className={styles.frame}
        style={{ maxHeight: mostHeight + rowHeight }}
        role="grid"
        aria-label={`Rows of result ${result.n}`}
        aria-rowcount={rows.length + 1}
        aria-colcount={columns.length + 1}
        onScroll={(e) => setScrolled(e.currentTarget.scrollTop)}
        onKeyDown={keys}
      >
        <div className={styles.head} role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
          <span className={styles.n} role="columnheader">
            <span className={styles.unseen}>Row</span>
          </span>
          {shown.map(({ name, type }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: columns are known by their place
            <span key={at} role="columnheader" title={`${name}: ${type}`} data-number={isNumber(type) || undefined}>
              {name} <span className={styles.type}>{type}</span>
            </span>
          ))}
        </div>
        <div className={styles.all} role="presentation" style={{ height: rows.length * rowHeight }}>
          {places.map((row) => (
            <div
              key={row}
              className={styles.row}
              role="row"
              aria-rowindex={row + 2}
              data-odd={row % 2 === 1 || undefined}
              style={{ gridTemplateColumns: template, transform: `translateY(${row * rowHeight}px)`, height: rowHeight }}
            >
              <span className={styles.n} role="rowheader">
                {row + 1}
              </span>
              {shown.map(({ type }, column) => {
                const cell = rows[row]?.[column] ?? null
                return (
                  // biome-ignore lint/a11y/useKeyWithClickEvents: the grid hears the keys
                  <span
                    // biome-ignore lint/suspicious/noArrayIndexKey: columns are known by their place
                    key={column}
                    role="gridcell"
                    className={styles.cell}
                    tabIndex={row === tabRow && column === spot.column ? 0 : -1}
                    data-spot={`${row}.${column}`}
                    data-number={isNumber(type) || undefined}
                    onFocus={() => setSpot({ row, column })}
                    onDoubleClick={() => open({ row, column })}
                    onClick={() => setSpot({ row, column })}
                  >
                    <Value cell={cell} />
                  </span>
                )
              })}
            </div>
          ))}
        </div>
      </div>
      {columns.length > shown.length && (
        <p className={styles.limits}>
          {shown.length} of {columns.length} columns are shown; the file has all of them.
        </p>
      )}
    </>
  )
}

/** Characters of a value that are drawn in its cell: wider is no cell. */
const inCell = 300

function Value({ cell }: { cell: Cell }) {
  if (cell === null) return <span className={styles.null}>NULL</span>
  const text = typeof cell === 'string' ? cell : cell.cut
  return (
    <>
      {text.slice(0, inCell).replaceAll(/\r?\n/g, '↵')}
      {(text.length > inCell || typeof cell !== 'string') && <span className={styles.cut}>…</span>}
    </>
  )
}
