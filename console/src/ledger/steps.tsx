import { StateChip } from '../ui/chip.tsx'
import styles from './ledger.module.css'
import type { Step } from './verify.ts'

/** What was checked, in order, and what came of it. */
export const Steps = ({ steps }: { steps: readonly Step[] }) => (
  <ul className={styles.steps}>
    {steps.map(({ what, ok }) => (
      <li key={what}>
        <StateChip word={ok ? 'Holds' : 'Does not hold'} tone={ok ? 'good' : 'bad'} /> {what}
      </li>
    ))}
  </ul>
)
