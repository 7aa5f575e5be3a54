import { Button } from '@mantine/core'
import { useEffect } from 'react'
import { announce } from '../../ui/announcer.tsx'
import { FailedStatement } from './failed-statement.tsx'
import { ResultView } from './result-view.tsx'
import styles from './sql.module.css'
import { goesOn, isFull, mostRows, type Piece, pageRows, type Run, rowsOf } from './state.ts'

interface Props {
  run: Run | undefined
  onMore: () => void
  onFinish: () => void
  onShow: (run: Run, offset: number, length: number) => void
}

const number = (n: number) => n.toLocaleString('en-GB')

/** What came of the text that ran last, in the order in which it was said. */
export function Outcome({ run, onMore, onFinish, onShow }: Props) {
  const ended = run?.now === 'ended' ? run : undefined
  useEffect(() => {
    if (ended) announce(inAWord(ended))
  }, [ended])
  if (!run)
    return (
      <p className={styles.empty}>
        Results stand here. Of each text the first {number(pageRows)} rows are shown, and more when you ask, up to {number(mostRows)}; of a
        value the first 10,000 characters.
      </p>
    )
  const waits = run.now === 'held' && !goesOn(run)
  return (
    <section className={styles.outcome} aria-label="Results" aria-busy={run.now === 'running'}>
      {run.pieces.map((piece, at) => (
        <PieceOf key={piece.kind === 'result' ? `result ${piece.n}` : `${piece.kind} ${at}`} piece={piece} run={run} onShow={onShow} />
      ))}
      {waits && (
        <div className={styles.waits} role="status">
          <p>
            {isFull(run)
              ? `${number(run.rows)} rows are shown, and this page shows no more of one text. The statement waits, with all its locks.`
              : `${number(run.rows)} rows are shown; there may be more. The statement waits, with all its locks.`}{' '}
            After a minute it runs to its end by itself, unseen.
          </p>
          <div className={styles.choices}>
            {!isFull(run) && (
              <Button size="xs" onClick={onMore}>
                Show {number(Math.min(pageRows, mostRows - run.rows))} more
              </Button>
            )}
            <Button size="xs" variant="default" onClick={onFinish}>
              Let it finish
            </Button>
          </div>
        </div>
      )}
      {ended && run.pieces.length === 0 && <p className={styles.empty}>Nothing came back.</p>}
    </section>
  )
}

function PieceOf({ piece, run, onShow }: { piece: Piece; run: Run; onShow: Props['onShow'] }) {
  switch (piece.kind) {
    case 'result':
      return <ResultView result={piece} over={run.now === 'ended'} />
    case 'failed':
      return <FailedStatement failed={piece} run={run} onShow={onShow} />
    case 'notice':
      return (
        <p className={styles.notice} data-warning={piece.severity === 'WARNING' || undefined}>
          <strong>{piece.severity.slice(0, 1) + piece.severity.slice(1).toLowerCase()}:</strong> {piece.message}
        </p>
      )
    case 'done':
      return (
        <p className={styles.done}>
          <code>{piece.tag === '' ? 'Nothing to run' : piece.tag}</code>
          {piece.rows !== null && !/\d$/.test(piece.tag) && <span> · {number(piece.rows)} rows touched</span>}
        </p>
      )
  }
}

function inAWord(run: Run): string {
  const failed = run.pieces.find((piece) => piece.kind === 'failed')
  if (failed?.kind === 'failed') return `Failed: ${failed.message}`
  const rows = rowsOf(run)
  return rows === null ? 'Done' : `Done: ${number(rows)} rows`
}
