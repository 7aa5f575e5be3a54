import { NumberInput } from '@mantine/core'
import { useState } from 'react'
import styles from './seal.module.css'
import { fewest, meaning, most, sharesBlocked, thresholdBlocked } from './words.ts'

/** How many custodians there are, and how many of them open the server. */
export function useCounts() {
  const [shares, setShares] = useState(5)
  const [threshold, setThreshold] = useState(3)
  return { shares, setShares, threshold, setThreshold, blocked: sharesBlocked(shares) ?? thresholdBlocked(threshold, shares) }
}

const whole = { min: fewest, max: most, allowDecimal: false, allowNegative: false, clampBehavior: 'none' as const }
const numberOf = (typed: number | string): number => (typed === '' ? Number.NaN : Number(typed))
const shown = (count: number) => (Number.isNaN(count) ? '' : count)

export const Counts = ({ shares, setShares, threshold, setThreshold, blocked, id }: ReturnType<typeof useCounts> & { id?: string }) => (
  <>
    <div className={styles.counts}>
      <NumberInput
        label="Custodians"
        description="Each holds one share"
        {...whole}
        value={shown(shares)}
        onChange={(n) => setShares(numberOf(n))}
        error={sharesBlocked(shares)}
      />
      <NumberInput
        label="Needed to open"
        description="After every start"
        {...whole}
        value={shown(threshold)}
        onChange={(n) => setThreshold(numberOf(n))}
        error={thresholdBlocked(threshold, shares)}
      />
    </div>
    <p className={styles.about} id={id} aria-live="polite">
      {!blocked && meaning(threshold, shares)}
    </p>
  </>
)
