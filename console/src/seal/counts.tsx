import { NumberInput, Radio, Stack, Textarea } from '@mantine/core'
import { useState } from 'react'
import { readCustodians } from './custodians.ts'
import styles from './seal.module.css'
import { fewest, meaning, most, sharesBlocked, thresholdBlocked } from './words.ts'

/** How many custodians there are, how many of them open the server, and how shares get to them. */
export function useCounts() {
  const [counted, setShares] = useState(5)
  const [threshold, setThreshold] = useState(3)
  const [inFiles, setInFiles] = useState(false)
  const [named, setNamed] = useState('')
  const read = inFiles ? readCustodians(named) : undefined
  const shares = read ? read.custodians.length : counted
  const blocked = read?.wrong ?? sharesBlocked(shares) ?? thresholdBlocked(threshold, shares)
  return {
    ...{ shares, setShares, threshold, setThreshold, inFiles, setInFiles, named, setNamed, blocked },
    /** Whom shares are encrypted to; undefined: they are shown, to one after another. */
    custodians: read?.custodians,
    wrong: read?.wrong,
  }
}

const whole = { min: fewest, max: most, allowDecimal: false, allowNegative: false, clampBehavior: 'none' as const }
const numberOf = (typed: number | string): number => (typed === '' ? Number.NaN : Number(typed))
const shown = (count: number) => (Number.isNaN(count) ? '' : count)

/** `files`: whether they may be encrypted to keys, which is for whoever makes them here. */
export function Counts({ id, files = false, ...counts }: ReturnType<typeof useCounts> & { id?: string; files?: boolean }) {
  const { shares, setShares, threshold, setThreshold, inFiles, blocked, wrong } = counts
  return (
    <>
      {files && <HowHandedOut {...counts} />}
      <div className={styles.counts}>
        {!inFiles && (
          <NumberInput
            label="Custodians"
            description="Each holds one share"
            {...whole}
            value={shown(shares)}
            onChange={(n) => setShares(numberOf(n))}
            error={sharesBlocked(shares)}
          />
        )}
        <NumberInput
          label="Needed to open"
          description="After every start"
          {...whole}
          value={shown(threshold)}
          onChange={(n) => setThreshold(numberOf(n))}
          error={wrong === undefined && thresholdBlocked(threshold, shares)}
        />
      </div>
      <p className={styles.about} id={id} aria-live="polite">
        {!blocked && meaning(threshold, shares)}
      </p>
    </>
  )
}

const unremembered = { autoComplete: 'off', autoCapitalize: 'none', autoCorrect: 'off', spellCheck: false } as const

function HowHandedOut({ inFiles, setInFiles, named, setNamed, wrong }: ReturnType<typeof useCounts>) {
  return (
    <>
      <Radio.Group label="How shares are handed out" value={inFiles ? 'files' : 'screen'} onChange={(way) => setInFiles(way === 'files')}>
        <Stack gap="xs" mt="xs">
          <Radio value="screen" label="At this screen" description="To one after another, who writes it down." />
          <Radio value="files" label="In files" description="Each encrypted to a public key, and opened by whoever has the private half." />
        </Stack>
      </Radio.Group>
      {inFiles && (
        <Textarea
          label="Names and public keys"
          description="One a line: bob age1… or bob p256-…, as claviger share key prints it on a machine of theirs."
          classNames={{ input: styles.mono ?? '' }}
          autosize
          minRows={3}
          maxRows={10}
          {...unremembered}
          value={named}
          maxLength={60_000}
          error={named.trim() !== '' && wrong}
          onChange={(event) => setNamed(event.currentTarget.value)}
        />
      )}
    </>
  )
}
