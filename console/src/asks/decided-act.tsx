import type { asks } from '@claviger/api'
import { useDecidedAct } from '../data/asks.ts'
import { outcomeInWords } from '../words/asks.ts'
import styles from './held.module.css'

/** What became of an act that stood here as held, in a sentence. */
export function DecidedAct({ ask }: { ask: asks.SessionAsk }) {
  const found = useDecidedAct(ask)
  return (
    <p className={styles.decided} role="status">
      {outcomeInWords(found.data ?? ask)}
    </p>
  )
}
