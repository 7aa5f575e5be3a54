import type { access } from '@claviger/api'
import { Button } from '@mantine/core'
import { QueuePlace } from '../check-out/queue-place.tsx'
import { usePreview, useWithdraw } from '../data/access.ts'
import { ActionBar } from '../ui/action-bar.tsx'
import { announce } from '../ui/announcer.tsx'
import { Problem } from '../ui/failure.tsx'
import styles from './waiting-for.module.css'

const list = new Intl.ListFormat('en-GB', { type: 'disjunction' })

/** While a request waits: who is asked, by name, or who has the account; and the way to take it back. */
export function WaitingFor({ request: r }: { request: access.AccessRequest }) {
  const preview = usePreview({ account: `${r.account.name}@${r.target.name}`, action: r.action, duration: `${r.seconds}s` })
  const withdraw = useWithdraw(r.id)
  const voted = new Set(r.approvals.map((a) => a.approver.name))
  const asked = (preview.data?.approvers ?? []).filter((name) => !voted.has(name))
  const whom = asked.length > 0 ? `Asked: ${list.format(asked)}. ` : ''
  return (
    <>
      {withdraw.error && (
        <div className={styles.problem}>
          <Problem error={withdraw.error} />
        </div>
      )}
      <ActionBar why={r.state === 'queued' ? <QueuePlace request={r} /> : `${whom}This page follows by itself.`}>
        <Button
          variant="default"
          loading={withdraw.isPending}
          onClick={() => withdraw.mutate(undefined, { onSuccess: () => announce('Withdrawn.') })}
        >
          Withdraw
        </Button>
      </ActionBar>
    </>
  )
}
