import { Button } from '@mantine/core'
import { placeIn } from './error-place.ts'
import styles from './sql.module.css'
import type { Piece, Run } from './state.ts'

interface Props {
  failed: Extract<Piece, { kind: 'failed' }>
  run: Run
  onShow: (run: Run, offset: number, length: number) => void
}

/** What the database did not like, in its own words, and where. */
export function FailedStatement({ failed, run, onShow }: Props) {
  const place = failed.position === null ? undefined : placeIn(run.sql, failed.position)
  return (
    <div className={styles.failed} role="alert">
      <p>
        <strong>{failed.message}</strong> {failed.code !== null && <code>{failed.code}</code>}
      </p>
      {place && (
        <div className={styles.place}>
          <p>
            Line {place.line}, column {place.column}
            <Button size="compact-xs" variant="default" onClick={() => onShow(run, place.offset, place.at.length)}>
              Go there
            </Button>
          </p>
          <pre>
            {place.before}
            <mark>{place.at === '' ? ' ' : place.at}</mark>
            {place.after}
          </pre>
        </div>
      )}
      {failed.detail !== null && <p>{failed.detail}</p>}
      {failed.hint !== null && <p>Hint: {failed.hint}</p>}
    </div>
  )
}
