import type { session } from '@claviger/api'
import styles from './kept-rows.module.css'

interface Props {
  results: NonNullable<session.Statement['results']>
  /** Rows that came, as the target said. */
  came: number | null
}

/** The first rows that a statement gave back, as far as policy had them kept. */
export function KeptRows({ results: { sets, kept }, came }: Props) {
  const shown = sets.reduce((sum, set) => sum + set.rows.length, 0)
  return (
    <>
      <p className="quiet">
        First {kept.toLocaleString('en-GB')} of {(came ?? kept).toLocaleString('en-GB')} rows kept
        {shown < kept && `; ${shown.toLocaleString('en-GB')} are shown here, the export has all`}
      </p>
      {sets.map(({ columns, rows }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: results are known by their place
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it is reached by keyboard
        <section key={at} className={styles.box} aria-label={`Rows of result ${at + 1}`} tabIndex={0}>
          <table className={styles.table}>
            {columns.length > 0 && (
              <thead>
                <tr>
                  {columns.map(({ name, type }, place) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: columns are known by their place
                    <th key={place} scope="col" title={type}>
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
            )}
            <tbody>
              {rows.map((row, n) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows are known by their place
                <tr key={n}>
                  {row.map((value, place) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: values are known by their place
                    <td key={place}>{value === null ? <span className="quiet">null</span> : <code>{value}</code>}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ))}
    </>
  )
}
