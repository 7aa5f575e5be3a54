import { Button, Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { ShareField } from '../seal/share-field.tsx'
import { giveToCeremony } from '../seal/use-seal.ts'
import { announce } from '../ui/announcer.tsx'
import { Problem } from '../ui/failure.tsx'
import styles from './keys.module.css'

/** For one custodian after another, at this screen. At one of their own: claviger ceremony share. */
export function GiveShare({ set, onGiven }: { set: string; onGiven: () => void }) {
  const [share, setShare] = useState('')
  const [shown, setShown] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy || share.trim() === '') return
    setBusy(true)
    setError(undefined)
    try {
      const { given, needed } = await giveToCeremony(share.trim())
      announce(`${given} of ${needed} shares.`)
      setShare('')
      setShown(false)
    } catch (refused) {
      setError(refused)
    } finally {
      setBusy(false)
      onGiven()
    }
  }
  return (
    <form onSubmit={submit} autoComplete="off" className={styles.share}>
      <Stack gap="sm">
        <Problem error={error} />
        <ShareField value={share} onChange={setShare} shown={shown} onShow={setShown} set={set} invalid={error !== undefined} />
        <Button type="submit" loading={busy} disabled={share.trim() === ''}>
          Give this share
        </Button>
        <p className={styles.small}>
          Or at a terminal, without signing in: <code>./claviger ceremony share</code>
        </p>
      </Stack>
    </form>
  )
}
