import type { access } from '@claviger/api'
import { Button, Group, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { Refused } from '../api.ts'
import { useApprove } from '../data/access.ts'
import { announce } from '../ui/announcer.tsx'
import { CodeField } from '../ui/code-field.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Problem } from '../ui/failure.tsx'
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

/** The step-up: what is approved stands here once more, and a code given now says yes to exactly that. */
function ApproveForm({ shown, current, onClose }: Omit<Props, 'opened'>) {
  const [code, setCode] = useState('')
  const [comment, setComment] = useState('')
  const approve = useApprove(shown.id)
  const now = useNow()
  const changed = approve.isPending || approve.isSuccess ? undefined : changedSince(shown, current, now)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (code.length < 6 || changed || approve.isPending) return
    try {
      const answer = await approve.mutateAsync({ digest: shown.digest, code, ...(comment.trim() && { comment: comment.trim() }) })
      announce(outcome(answer, Date.now()))
      onClose()
    } catch (error) {
      // a code is accepted once, also by a refusal
      if (error instanceof Refused) setCode('')
    }
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <ApproveSummary request={shown} />
        {changed ? (
          <p className={styles.changed} role="alert">
            {changed}
          </p>
        ) : (
          <>
            <CodeField
              label="Code"
              description="A fresh one from your authenticator. It counts for this request only."
              value={code}
              onChange={setCode}
              invalid={approve.error instanceof Refused}
              autoFocus
            />
            <Problem error={approve.error} />
            <TextInput
              label="Comment (optional)"
              value={comment}
              maxLength={500}
              onChange={(event) => setComment(event.currentTarget.value)}
            />
          </>
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {changed ? 'Close' : 'Cancel'}
          </Button>
          {!changed && (
            <Button type="submit" loading={approve.isPending} disabled={code.length < 6}>
              Approve
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  )
}
