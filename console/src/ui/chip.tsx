import type { Tone } from '../words/access.ts'
import styles from './chip.module.css'

/** A state in one word. The dot repeats it in colour, the word carries it. */
export const StateChip = ({ word, tone }: { word: string; tone: Tone }) => (
  <span className={styles.state} data-tone={tone}>
    {word}
  </span>
)

/** "Tier 1 · high": never the bare number, since others count tiers differently. */
export const TierChip = ({ tier, label }: { tier: number; label: string }) => (
  <span className={styles.tier} data-tier={tier}>
    {label}
  </span>
)

export const PlainChip = ({ children, title }: { children: React.ReactNode; title?: string }) => (
  <span className={styles.plain} title={title}>
    {children}
  </span>
)
