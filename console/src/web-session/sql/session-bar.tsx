import { ActionIcon, Button } from '@mantine/core'
import { IconPlayerPause, IconX } from '@tabler/icons-react'
import { StateChip } from '../../ui/chip.tsx'
import { Problem } from '../../ui/failure.tsx'
import web from '../web-session.module.css'
import styles from './sql.module.css'
import type { Sql } from './state.ts'

interface Props {
  sql: Sql
  error: unknown
  onEnd: () => void
  onAnother: () => void
  onRead: (n: number) => void
}

const transactions = {
  open: { word: 'Transaction open', tone: 'wait' },
  failed: { word: 'Transaction failed', tone: 'bad' },
} as const
const meaning = {
  open: 'What it changed is undone when the session ends without a commit.',
  failed: 'Nothing more runs in it: roll it back.',
} as const

/** Where the session stands: that it is recorded, with what it speaks, its transaction, and what Claviger or an officer said. */
export function SessionBar({ sql: { phase, ready, transaction, suspended, said, why }, error, onEnd, onAnother, onRead }: Props) {
  return (
    <div className={styles.session}>
      <div className={web.bar}>
        <p role="status">{phase === 'over' ? (why ?? 'Ended') : phase === 'open' ? 'Open, and recorded' : 'Opening…'}</p>
        {ready && (
          <p className={web.hint}>
            {ready.server}
            {ready.database !== '' && (
              <>
                {' '}
                · begun in <code>{ready.database}</code>
              </>
            )}
          </p>
        )}
        {transaction !== 'none' && (
          <p className={styles.transaction}>
            <StateChip {...transactions[transaction]} /> <span className={web.hint}>{meaning[transaction]}</span>
          </p>
        )}
        {phase === 'over' ? (
          <Button size="xs" onClick={onAnother}>
            Open another
          </Button>
        ) : (
          <Button size="xs" variant="default" onClick={onEnd}>
            End session
          </Button>
        )}
      </div>
      {suspended && (
        <p className={styles.suspended} role="status">
          <IconPlayerPause size={18} aria-hidden="true" />
          <span>
            <strong>Suspended.</strong> Nothing passes in either direction until it goes on; what you run now waits.
          </span>
        </p>
      )}
      <ul className={styles.said} aria-label="From Claviger" aria-live="polite">
        {said.slice(-3).map(({ n, message }) => (
          <li key={n}>
            <span>{message}</span>
            <ActionIcon aria-label="Dismiss" size="sm" onClick={() => onRead(n)}>
              <IconX size={14} aria-hidden="true" />
            </ActionIcon>
          </li>
        ))}
      </ul>
      <Problem error={error} />
    </div>
  )
}
