import type { signInLinks as api } from '@claviger/api'
import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useSeconds } from '../check-out/use-seconds.ts'
import { useConfirmLink } from '../data/sign-in-links.ts'
import { CodeDialog } from '../ui/code-dialog.tsx'
import { clock } from '../words/duration.ts'
import styles from './link.module.css'
import { RefuseLink } from './refuse-link.tsx'

/** The number of the terminal, then a fresh code; or that it was somebody else. */
export function WaitingLink({ link }: { link: api.SignInLink }) {
  const [number, setNumber] = useState('')
  const [asked, setAsked] = useState<'code' | 'refuse'>()
  const confirm = useConfirmLink(link.code)
  const ends = Date.parse(link.expiresAt)
  const left = Math.max(0, ends - useSeconds(ends)) / 1000
  const close = () => setAsked(undefined)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (number.length === 3) setAsked('code')
  }
  return (
    <>
      <form className={styles.form} onSubmit={submit}>
        <TextInput
          label="The number in your terminal"
          description="Three digits. Look at the terminal, and type what stands there: another number ends this sign-in."
          value={number}
          inputMode="numeric"
          autoComplete="off"
          maxLength={3}
          classNames={{ input: styles.number }}
          onChange={(event) => setNumber(event.currentTarget.value.replace(/\D/g, ''))}
        />
        <p className={styles.left}>
          <span role="timer">{clock(left)}</span> left
        </p>
        <div className={styles.acts}>
          <Button variant="default" onClick={() => setAsked('refuse')}>
            This was not me…
          </Button>
          <Button type="submit" disabled={number.length < 3}>
            Confirm…
          </Button>
        </div>
      </form>
      <p className={styles.warning}>
        Did somebody send you this link, or read you the number? Then it is their terminal, and they would come in as you. Refuse it.
      </p>
      <CodeDialog
        opened={asked === 'code'}
        onClose={close}
        title="Let this terminal in"
        confirm="Confirm"
        act={({ code }) => confirm.mutateAsync({ number, code })}
      >
        <p>
          The terminal that shows <strong className={styles.shown}>{number}</strong> comes in as <code>{link.account}</code> on{' '}
          <code>{link.target}</code>, from <code>{link.address}</code>, this once.
        </p>
      </CodeDialog>
      <RefuseLink code={link.code} opened={asked === 'refuse'} onClose={close} />
    </>
  )
}
