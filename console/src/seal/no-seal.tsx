import { Button, Stack } from '@mantine/core'
import { type FormEvent, useId, useState } from 'react'
import { Door } from '../sign-in/door.tsx'
import { Copyable } from '../ui/copyable.tsx'
import { Problem } from '../ui/failure.tsx'
import { useTitle } from '../ui/use-title.ts'
import { Counts, useCounts } from './counts.tsx'
import styles from './seal.module.css'
import { type Made, makeSeal } from './use-seal.ts'
import { initCommand } from './words.ts'

interface Props {
  /** Of the link that the server printed. Without it the page shows the command. */
  setupToken: string | undefined
  onMade: (made: Made) => void
  /** Where there is a seal already, whose shares did not all arrive. */
  onBack: (() => void) | undefined
}

/** What a seal is, how many custodians it has, and how it is made: here by whoever has the link of this start, else on the host. */
export function NoSeal({ setupToken, onMade, onBack }: Props) {
  const counts = useCounts()
  const { shares, threshold, blocked, custodians } = counts
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const why = useId()
  useTitle(onBack ? 'Another seal' : 'No seal yet')

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (blocked || busy || !setupToken) return
    setBusy(true)
    setError(undefined)
    try {
      onMade(await makeSeal({ shares, threshold, custodians }, setupToken))
    } catch (refused) {
      setError(refused)
      setBusy(false)
    }
  }

  return (
    <Door
      title={onBack ? 'Make the seal anew' : 'This server has no seal yet'}
      foot={setupToken ? undefined : 'This page goes on by itself as soon as there is a seal.'}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <p className={styles.about}>
            {onBack
              ? 'Until the seal was opened once it can be made again. The shares that were handed out then open nothing any more.'
              : 'One root key opens everything that Claviger keeps. The seal splits it into shares, one for each custodian. After every start some of them give theirs, and the server opens. With fewer it stays shut, even for whoever takes the machine.'}
          </p>
          <Counts {...counts} id={why} files={setupToken !== undefined} />
          {setupToken ? (
            <>
              <Problem error={error} />
              <p className={styles.about}>
                {custodians
                  ? 'Each share leaves the server as a file that one custodian alone can open.'
                  : 'Have the custodians here. Each share is shown once, to one after another.'}
              </p>
              <Button type="submit" loading={busy} disabled={blocked !== undefined} aria-describedby={why} fullWidth>
                Make the seal
              </Button>
              {onBack && (
                <Button variant="default" onClick={onBack} fullWidth>
                  Back
                </Button>
              )}
            </>
          ) : (
            !blocked && (
              <div className={styles.command}>
                <p>Type this on the server’s host, as the owner of its data:</p>
                <Copyable value={initCommand(shares, threshold)} what="command" />
                <p className={styles.small}>
                  Nobody who only reaches this page may do it. The link that the server printed when it started proves as much as the
                  command: opened, it makes the seal in the browser.
                </p>
              </div>
            )
          )}
        </Stack>
      </form>
    </Door>
  )
}
