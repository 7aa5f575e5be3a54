import type { access } from '@claviger/api'
import { Button } from '@mantine/core'
import { useId, useState } from 'react'
import { EndGrant } from '../access/end-grant.tsx'
import { useDeny } from '../data/access.ts'
import { useViewer } from '../data/identity.ts'
import { ActionBar } from '../ui/action-bar.tsx'
import { announce } from '../ui/announcer.tsx'
import { BlockedButton } from '../ui/blocked-button.tsx'
import { ReasonDialog } from '../ui/reason-dialog.tsx'
import { ApproveDialog } from './approve-dialog.tsx'

type Request = access.AccessRequest

/** Approve and deny while a request waits, "End grant now" once it is a grant; nothing when there is nothing to do. */
export function Decision({ request: r }: { request: Request }) {
  const viewer = useViewer()
  const deny = useDeny(r.id)
  const whyId = useId()
  const [denying, setDenying] = useState(false)
  // what was on the screen when the dialog opened: exactly this is approved, whatever arrives meanwhile
  const [shown, setShown] = useState(r)
  const [approving, setApproving] = useState(false)

  const decided = r.approvals.some((a) => a.approver.id === viewer.id)
  const blocked = r.approveBlocked?.message
  const waiting = r.state === 'waiting'
  return (
    <>
      {waiting && (
        <ActionBar why={blocked} whyId={whyId}>
          <BlockedButton variant="default" blocked={blocked} whyId={whyId} onClick={() => setDenying(true)}>
            Deny…
          </BlockedButton>
          <BlockedButton
            blocked={blocked}
            whyId={whyId}
            onClick={() => {
              setShown(r)
              setApproving(true)
            }}
          >
            Approve…
          </BlockedButton>
        </ActionBar>
      )}
      {r.grant?.state === 'active' && (decided || viewer.endsSessions || r.grant.person.id === viewer.id) && (
        <EndGrant grant={r.grant}>
          {(open) => (
            <ActionBar
              why={
                decided
                  ? 'Approved by mistake? Ending the grant cuts running sessions at once.'
                  : 'Ending the grant cuts running sessions at once.'
              }
            >
              <Button variant="danger" onClick={open}>
                End grant now
              </Button>
            </ActionBar>
          )}
        </EndGrant>
      )}
      <ReasonDialog
        opened={denying}
        onClose={() => setDenying(false)}
        title="Deny this request"
        label="Reason"
        placeholder="What should be different?"
        confirm="Deny"
        act={async (reason) => {
          await deny.mutateAsync(reason)
          announce(`Denied. ${r.requester.displayName} sees your reason.`)
        }}
      >
        {r.requester.displayName} asked for{' '}
        <code>
          {r.account.name}@{r.target.name}
        </code>{' '}
        and sees the reason that you give.
      </ReasonDialog>
      <ApproveDialog opened={approving} shown={shown} current={r} onClose={() => setApproving(false)} />
    </>
  )
}
