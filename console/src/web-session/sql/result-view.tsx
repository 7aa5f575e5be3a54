import { Button } from '@mantine/core'
import { useState } from 'react'
import { saveFile } from '../../ui/save-file.ts'
import { CellDialog } from './cell-dialog.tsx'
import { cutIn, toCsv } from './csv.ts'
import type { Chosen } from './grid-size.ts'
import { ResultGrid } from './result-grid.tsx'
import styles from './sql.module.css'
import type { Result } from './state.ts'

const number = (n: number) => n.toLocaleString('en-GB')

/** One result: its rows, how many of them are here, and a file of these. */
export function ResultView({ result, over }: { result: Result; over: boolean }) {
  const [chosen, setChosen] = useState<Chosen>()
  const { n, rows, columns, done, cutShort } = result
  const cut = over && rows.length > 0 ? cutIn(result) : 0
  return (
    <section className={styles.result} aria-label={`Result ${n}`}>
      <header className={styles.resultHead}>
        <h2>
          Result {n} <span className="quiet">{inWords(result, over)}</span>
        </h2>
        <Button
          size="compact-sm"
          variant="default"
          disabled={rows.length === 0}
          onClick={() => saveFile(`result-${n}.csv`, toCsv(result))}
          aria-describedby={cut > 0 || cutShort ? `sql-csv-${n}` : undefined}
        >
          Save as CSV
        </Button>
      </header>
      {columns.length === 0 ? (
        <p className={styles.empty}>A result without columns.</p>
      ) : rows.length === 0 ? (
        <>
          <p className={styles.names}>
            {columns.map(({ name, type }, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns are known by their place, and their names may be the same
              <code key={at} title={type}>
                {name}
              </code>
            ))}
          </p>
          <p className={styles.empty}>{done || over ? 'No rows' : 'No rows yet'}</p>
        </>
      ) : (
        <ResultGrid result={result} onOpen={setChosen} />
      )}
      {(cut > 0 || cutShort) && (
        <p id={`sql-csv-${n}`} className={styles.limits}>
          {cutShort && `Only these ${number(rows.length)} rows were shown, and are in the file. `}
          {cut > 0 && `${number(cut)} long ${cut === 1 ? 'value is' : 'values are'} here, and in the file, with the beginning alone.`}
        </p>
      )}
      <CellDialog chosen={chosen} onClose={() => setChosen(undefined)} />
    </section>
  )
}

function inWords({ rows, done, cutShort }: Result, over: boolean): string {
  const shown = `${number(rows.length)} ${rows.length === 1 ? 'row' : 'rows'}`
  if (done?.rows && done.rows > rows.length) return `${number(rows.length)} of ${number(done.rows)} rows`
  if (done || !over) return done ? shown : `${shown} so far`
  return `${shown}${cutShort ? ', and there may have been more' : ' until it was stopped'}`
}
