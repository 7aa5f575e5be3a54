import { Button, Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { Announcer } from '../ui/announcer.tsx'
import { Problem } from '../ui/failure.tsx'
import { type CheckProps, HandOut } from './hand-out.tsx'
import { HandOutFiles } from './hand-out-files.tsx'
import { handedOut } from './handing-out.ts'
import styles from './seal.module.css'
import { ShareField } from './share-field.tsx'
import { giveToCeremony, type Made } from './use-seal.ts'

/** The new shares of a ceremony, one custodian after another; each types theirs back, and with the last one they count. */
export const NewShares = ({ made }: { made: Made }) => (
  <>
    {made.to ? (
      <HandOutFiles
        made={made}
        to={made.to}
        onDone={handedOut}
        end={{
          about: (
            <>
              Each custodian opens theirs and types it back, here or by <code>claviger ceremony share</code>. Until all are back, nothing is
              changed, and the old shares count.
            </>
          ),
          button: 'Back to the keys',
        }}
      />
    ) : (
      <HandOut
        made={made}
        onDone={handedOut}
        check={(props) => <TypeBack {...props} set={made.set} />}
        end={{
          about: (
            <>
              Set <code>{made.set}</code> counts now: any {made.threshold} of its {made.shares.length} shares open the server. What opened
              it before opens nothing any more, but for backups of then.
            </>
          ),
          button: 'Back to the keys',
        }}
      />
    )}
    <Announcer />
  </>
)

/** All of the share, from the paper: until the last one is back, what opened the server before still counts. */
function TypeBack({ number, last, onAgain, onRight, set }: CheckProps & { set: string }) {
  const [typed, setTyped] = useState('')
  const [shown, setShown] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy || typed.trim() === '') return
    setBusy(true)
    setError(undefined)
    try {
      await giveToCeremony(typed.trim())
      onRight()
    } catch (refused) {
      setError(refused)
      setBusy(false)
    }
  }
  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack gap="md">
        <p className={styles.about}>
          Type share {number} back, all of it, from what you wrote.{' '}
          {last ? 'With this one the new shares count.' : 'Until all are back, nothing is changed.'}
        </p>
        <Problem error={error} />
        <ShareField value={typed} onChange={setTyped} shown={shown} onShow={setShown} set={set} invalid={error !== undefined} />
        <Button type="submit" loading={busy} disabled={typed.trim() === ''} fullWidth>
          {last ? 'Let the new shares count' : 'Hand over to the next'}
        </Button>
        <Button variant="default" onClick={onAgain} fullWidth>
          Show it again
        </Button>
      </Stack>
    </form>
  )
}
