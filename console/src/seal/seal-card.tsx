import { Button } from '@mantine/core'
import { useState } from 'react'
import { useViewer } from '../data/identity.ts'
import { links } from '../paths.ts'
import { CodeDialog } from '../ui/code-dialog.tsx'
import { Failure } from '../ui/failure.tsx'
import { LinkButton } from '../ui/link-button.tsx'
import { noticeSeal } from './noticed.ts'
import styles from './seal.module.css'
import { SealFacts } from './seal-facts.tsx'
import { closeSeal, useSealStatus } from './use-seal.ts'

const everyMs = 10_000

/** Which seal this server has, since when it is open, and closing it. */
export function SealCard() {
  const status = useSealStatus(everyMs)
  const viewer = useViewer()
  const [asked, setAsked] = useState(false)
  const { data } = status
  if (!data) return status.error && <Failure error={status.error} retry={() => void status.refetch()} />
  return (
    <section className={styles.card} aria-labelledby="seal-card">
      <header className={styles.cardHead}>
        <h2 id="seal-card">The seal</h2>
        {viewer.closesSeal && (
          <span className={styles.acts}>
            <LinkButton {...links.keys()} variant="default" size="xs">
              Keys and ceremonies
            </LinkButton>
            {data.kind !== 'dev' && (
              <Button variant="danger" size="xs" onClick={() => setAsked(true)}>
                Close the seal…
              </Button>
            )}
          </span>
        )}
      </header>
      <SealFacts status={data} />
      <p className={styles.about}>
        {data.kind === 'shamir' &&
          'Close it in the hour in which you do not trust the host: the keys leave its memory. It closes by itself whenever the server stops.'}
        {data.kind === 'dev' &&
          'It opens by itself at every start, with a key file that lies beside the data. That is for trying out, and not for real secrets.'}
        {(data.kind === 'pkcs11' || data.kind === 'aws-kms') &&
          'It opens by itself at every start, while the HSM or the key service answers. Close it in the hour in which you do not trust the host: it stays closed until its host opens it.'}
      </p>
      <CodeDialog
        opened={asked}
        onClose={() => setAsked(false)}
        title="Close the seal"
        confirm="Close the seal"
        danger
        act={({ code }) => closeSeal(code).then(noticeSeal)}
      >
        {data.shares ? (
          <>
            All sessions are cut, and nobody gets in, you neither, until {data.shares.threshold} of the {data.shares.shares} custodians have
            given their shares. Are they within reach?
          </>
        ) : (
          'All sessions are cut, and nobody gets in, you neither, until somebody types claviger unseal on the host. Is who may do that within reach?'
        )}
      </CodeDialog>
    </section>
  )
}
