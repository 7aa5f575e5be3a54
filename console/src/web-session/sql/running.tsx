import { useEffect, useState } from 'react'
import { took } from '../../words/statement.ts'
import styles from './sql.module.css'
import { goesOn, type Run, rowsOf } from './state.ts'

const count = (rows: number) => `${rows.toLocaleString('en-GB')} ${rows === 1 ? 'row' : 'rows'}`

/** How long it runs or ran, and what it came to. */
export function Running({ run }: { run: Run }) {
  const over = run.now === 'ended'
  const [now, setNow] = useState(() => performance.now())
  useEffect(() => {
    if (over) return
    const timer = setInterval(() => setNow(performance.now()), 200)
    return () => clearInterval(timer)
  }, [over])
  return (
    <p className={styles.running} role="status">
      {over ? ended(run) : `${doing(run)} ${took(Math.max(0, now - run.since))}`}
    </p>
  )
}

function doing(run: Run): string {
  if (run.now === 'cancelling') return 'Cancelling…'
  return run.now === 'held' && !goesOn(run) ? 'Waits for you' : 'Running…'
}

function ended(run: Run): string {
  const failed = run.pieces.some((piece) => piece.kind === 'failed')
  const rows = rowsOf(run)
  const outcome = run.ms === undefined ? 'Cut off' : failed ? 'Failed' : 'Done'
  return [outcome, rows !== null && count(rows), run.ms !== undefined && took(run.ms)].filter((part) => part !== false).join(' · ')
}
