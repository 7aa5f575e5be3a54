import { Skeleton } from '@mantine/core'
import { useEffect } from 'react'
import { Door } from '../sign-in/door.tsx'
import { Announcer } from '../ui/announcer.tsx'
import { Failure, Stale } from '../ui/failure.tsx'
import { useTitle } from '../ui/use-title.ts'
import { useNow } from '../ui/when.tsx'
import { localTimes } from '../words/time.ts'
import { Acknowledge } from './acknowledge.tsx'
import styles from './diverged.module.css'
import { useLedgerState } from './use-ledger-state.ts'

/** What everybody meets while the ledger is not what was signed: what is wrong, what to try first, and what two officers accept when they go on. */
export function DivergedPage() {
  const state = useLedgerState()
  const now = useNow()
  const over = state.data?.diverged === false
  useTitle('The ledger is not what was signed')
  useEffect(() => {
    // everybody signs in again: the sign-ins from before are void
    if (over) window.location.assign('/sign-in')
  }, [over])

  return (
    <>
      <Door
        wide
        title={over ? 'The ledger goes on' : 'The ledger is not what was signed'}
        foot="From a terminal: ./claviger audit acknowledge"
      >
        {state.error && !state.data && <Failure error={state.error} retry={() => void state.refetch()} />}
        {!state.data && !state.error && <Skeleton height={260} />}
        {over && <p role="status">Going to the sign-in…</p>}
        {state.data?.why && (
          <div className={styles.body}>
            {state.error && <Stale error={state.error} />}
            <p>Nothing opens, nothing is signed, and nobody can sign in. This is what the server found:</p>
            <p className={styles.why} role="alert">
              {localTimes(state.data.why, now)}
            </p>
            <section className={styles.part}>
              <h2>First, find out what happened</h2>
              <p>
                Stop the server. Copy the database, the keeper’s folder and the anchor file as they are. If the right database can be put
                back, do that: the next start compares again and goes on, and nothing is lost.
              </p>
            </section>
            <Acknowledge state={state.data} why={state.data.why} onDone={() => void state.refetch()} />
          </div>
        )}
      </Door>
      <Announcer />
    </>
  )
}
