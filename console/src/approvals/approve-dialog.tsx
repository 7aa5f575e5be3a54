import type { access } from '@claviger/api'
import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useApprove } from '../data/access.ts'
import { announce } from '../ui/announcer.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { StepUpForm } from '../ui/step-up-form.tsx'
import { useNow } from '../ui/when.tsx'
import { changedSince, outcome } from '../words/access.ts'
import styles from './approve-dialog.module.css'
import { ApproveSummary } from './approve-summary.tsx'

interface Props {
  opened: boolean
  /** The request as it was read. Its digest is what the approval is bound to. */
  shown: access.AccessRequest
  /** The same request as the server has it now. */
  current: access.AccessRequest
  onClose: () => void
}

/** Stays in the page while it is closed, so that the focus finds back to the button that opened it. */
export const ApproveDialog = ({ opened, ...form }: Props) => (
  <Dialog opened={opened} onClose={form.onClose} title="Approve exactly this">
    <ApproveForm {...form} />
  </Dialog>
)

/** What is approved stands here once more, and a code given now says yes to exactly that. */
function ApproveForm({ shown, current, onClose }: Omit<Props, 'opened'>) {
  const [comment, setComment] = useState('')
  const approve = useApprove(shown.id)
  const now = useNow()
  const changed = approve.isPending || approve.isSuccess ? undefined : changedSince(shown, current, now)

  return (
    <StepUpForm
      onClose={onClose}
      about="A fresh one from your authenticator. It counts for this request only."
      confirm="Approve"
      codeFirst
      over={changed !== undefined}
      act={async (code) => {
        const said = comment.trim()
        const answer = await approve.mutateAsync({ digest: shown.digest, code, ...(said && { comment: said }) })
        announce(outcome(answer, Date.now()))
      }}
      extra={
        <TextInput label="Comment (optional)" value={comment} maxLength={500} onChange={(event) => setComment(event.currentTarget.value)} />
      }
    >
      <ApproveSummary request={shown} />
      {changed && (
        <p className={styles.changed} role="alert">
          {changed}
        </p>
      )}
    </StepUpForm>
  )
}
