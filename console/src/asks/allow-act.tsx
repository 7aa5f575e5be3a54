import type { asks } from '@claviger/api'
import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useAllowAct } from '../data/asks.ts'
import { announce } from '../ui/announcer.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { StepUpForm } from '../ui/step-up-form.tsx'
import { outcomeInWords } from '../words/asks.ts'
import styles from './held.module.css'
import { HeldText } from './held-text.tsx'

interface Props {
  opened: boolean
  /** As it was read: its digest is what the yes is bound to. */
  held: asks.SessionAsk
  /** It is not waited for any longer. */
  over: boolean
  onClose: () => void
}

/** Stays in the page while it is closed, so that the focus finds back to the button that opened it. */
export const AllowAct = ({ opened, ...form }: Props) => (
  <Dialog opened={opened} onClose={form.onClose} title="Allow exactly this, once" size={640}>
    <AllowForm {...form} />
  </Dialog>
)

function AllowForm({ held, over, onClose }: Omit<Props, 'opened'>) {
  const [comment, setComment] = useState('')
  const allow = useAllowAct(held.id)
  const gone = over && !allow.isPending && !allow.isSuccess
  return (
    <StepUpForm
      onClose={onClose}
      about="A fresh one from your authenticator. It counts for this act only, and now."
      confirm="Allow"
      codeFirst
      over={gone}
      act={async (code) => {
        const said = comment.trim()
        announce(outcomeInWords(await allow.mutateAsync({ digest: held.digest, code, ...(said && { comment: said }) })))
      }}
      extra={
        <TextInput label="Comment (optional)" value={comment} maxLength={500} onChange={(event) => setComment(event.currentTarget.value)} />
      }
    >
      <div className={styles.asked}>
        <p>
          <strong>{held.person.displayName}</strong> does this as <code>{held.account}</code> on <code>{held.target}</code>:
        </p>
        <HeldText act={held.act} unread={held.unread} />
        <p className="quiet">
          Fingerprint <code>{held.digest.slice(0, 12).replace(/(.{4})(?=.)/g, '$1 ')} …</code>
        </p>
      </div>
      {gone && (
        <p className={styles.gone} role="alert">
          Nobody’s word is waited for any more. Nothing is allowed by this.
        </p>
      )}
    </StepUpForm>
  )
}
