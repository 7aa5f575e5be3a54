import { Button } from '@mantine/core'
import { useState } from 'react'
import { useViewer } from '../data/identity.ts'
import { CodeDialog } from '../ui/code-dialog.tsx'
import { Fact, Facts } from '../ui/facts.tsx'
import { Failure } from '../ui/failure.tsx'
import { When } from '../ui/when.tsx'
import { noticeSeal } from './noticed.ts'
import styles from './seal.module.css'
import { closeSeal, type SealStatus, useSealStatus } from './use-seal.ts'

const everyMs = 10_000

/** Which seal this server has, since when it is open, and closing it. */
export function SealCard() {
  const status = useSealStatus(everyMs)
  const viewer = useViewer()
  const [asked, setAsked] = useState(false)
  const { data } = status
  if (!data) return status.error && <Failure error={status.error} retry={() => void status.refetch()} />
  const shamir = data.kind === 'shamir'
  return (
    <section className={styles.card} aria-labelledby="seal-card">
      <header className={styles.cardHead}>
        <h2 id="seal-card">The seal</h2>
        {viewer.closesSeal && shamir && (
          <Button variant="danger" size="xs" onClick={() => setAsked(true)}>
            Close the seal…
          </Button>
        )}
      </header>
      <SealFacts status={data} />
      <p className={styles.about}>
        {shamir
          ? 'Close it in the hour in which you do not trust the host: the keys leave its memory. It closes by itself whenever the server stops.'
          : 'It opens by itself at every start, with a key file that lies beside the data. That is for trying out, and not for real secrets.'}
      </p>
      <CodeDialog
        opened={asked}
        onClose={() => setAsked(false)}
        title="Close the seal"
        confirm="Close the seal"
        danger
        act={({ code }) => closeSeal(code).then(noticeSeal)}
      >
        All sessions are cut, and nobody gets in, you neither, until {data.shares?.threshold} of the {data.shares?.shares} custodians have
        given their shares. Are they within reach?
      </CodeDialog>
    </section>
  )
}

const SealFacts = ({ status: { kind, shares, openSince } }: { status: SealStatus }) => (
  <Facts>
    <Fact name="Kind">{shares ? `shares: any ${shares.threshold} of ${shares.shares} open it` : kind}</Fact>
    {shares && (
      <Fact name="Set">
        <code>{shares.set}</code>
      </Fact>
    )}
    {openSince && (
      <Fact name="Open since">
        <When at={openSince} as="moment" />
        {shares && `, by ${shares.threshold} shares`}
      </Fact>
    )}
  </Facts>
)
