import { Button, Stack } from '@mantine/core'
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { Door } from '../sign-in/door.tsx'
import { announce } from '../ui/announcer.tsx'
import { Problem } from '../ui/failure.tsx'
import { useTitle } from '../ui/use-title.ts'
import { Progress } from './progress.tsx'
import styles from './seal.module.css'
import { ShareField } from './share-field.tsx'
import { giveShare, type SealStatus } from './use-seal.ts'
import { given as inWords } from './words.ts'

interface Props {
  shares: NonNullable<SealStatus['shares']>
  /** When the server said so. */
  readAt: number
  stale: ReactNode
  onGiven: () => void
  /** Where the seal can be made again, since it was never opened. */
  onAnew: (() => void) | undefined
}

/** For custodians: one share each, here or at other screens, until there are enough. */
export function Unseal({ shares, readAt, stale, onGiven, onAnew }: Props) {
  const { given, threshold, shares: count, set, forgottenIn } = shares
  const [share, setShare] = useState('')
  const [shown, setShown] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const [taken, setTaken] = useState(false)
  const forgotten = useForgotten(given, threshold)
  useTitle(given > 0 ? `(${given} of ${threshold}) Sealed` : 'Sealed')

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy || share.trim() === '') return
    setBusy(true)
    setError(undefined)
    setTaken(false)
    try {
      await giveShare(share.trim())
      setShare('')
      setShown(false)
      setTaken(true)
    } catch (refused) {
      // it stays, to be compared: only its custodian can put it right
      setError(refused)
    } finally {
      setBusy(false)
      onGiven()
    }
  }

  return (
    <Door
      title="Claviger is sealed"
      foot="Shares are held in memory alone, for ten minutes from the first. Every attempt is recorded. From a terminal: ./claviger unseal"
    >
      <form onSubmit={submit} autoComplete="off">
        <Stack gap="md">
          <p className={styles.about}>
            Nothing opens until {threshold} of the {count} custodians have each given their share, here or at screens of their own.
          </p>
          {stale}
          <Progress given={given} threshold={threshold} forgottenIn={forgottenIn} readAt={readAt} />
          {forgotten && (
            <p className={styles.note} role="status">
              The shares that were given are forgotten. Everyone gives theirs again.
            </p>
          )}
          {taken && given > 0 && !error && (
            <p className={styles.good} role="status">
              Taken. Now the next custodian.
            </p>
          )}
          <Problem error={error} />
          <ShareField
            value={share}
            onChange={(typed) => {
              setShare(typed)
              setTaken(false)
            }}
            shown={shown}
            onShow={setShown}
            set={set}
            invalid={error !== undefined}
          />
          <Button type="submit" loading={busy} disabled={share.trim() === ''} fullWidth>
            Give this share
          </Button>
          {onAnew && given === 0 && (
            <Button variant="subtle" size="compact-sm" onClick={onAnew}>
              Shares went astray? Make the seal anew
            </Button>
          )}
        </Stack>
      </form>
    </Door>
  )
}

/** Whether there were some, and now there are none. Each one that comes is said aloud, wherever it was given. */
function useForgotten(given: number, threshold: number): boolean {
  const before = useRef(given)
  const [lost, setLost] = useState(false)
  useEffect(() => {
    if (given === before.current) return
    if (given > 0) announce(inWords(given, threshold))
    setLost(given === 0)
    before.current = given
  }, [given, threshold])
  return lost
}
