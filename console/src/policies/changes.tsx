import type { policy as api } from '@claviger/api'
import { IconGitCompare } from '@tabler/icons-react'
import { useState } from 'react'
import { useViewer } from '../data/identity.ts'
import { useDecideOnPolicies, usePolicyChanges, usePolicyPreview } from '../data/policy.ts'
import { StateChip } from '../ui/chip.tsx'
import { DecideWithCode } from '../ui/decide-with-code.tsx'
import { DetailLoading } from '../ui/detail-page.tsx'
import { Empty } from '../ui/empty.tsx'
import { Failure } from '../ui/failure.tsx'
import { When } from '../ui/when.tsx'
import styles from './change.module.css'
import { Diff } from './diff.tsx'
import { Effects } from './effects.tsx'

type Change = api.PolicyChange
const states = {
  proposed: { word: 'Waits for another', tone: 'wait' },
  approved: { word: 'In force', tone: 'good' },
  withdrawn: { word: 'Withdrawn', tone: 'over' },
  expired: { word: 'Expired', tone: 'over' },
} as const

/** What was proposed, and what became of it. */
export function Changes() {
  const found = usePolicyChanges(true)
  if (found.isPending) return <DetailLoading />
  if (!found.data) return <Failure error={found.error} retry={() => found.refetch()} />
  if (found.data.changes.length === 0)
    return (
      <Empty icon={<IconGitCompare size={32} stroke={1.5} />} title="No policy was changed since the first run">
        Under Rules a security officer or administrator proposes another text; somebody else approves it here.
      </Empty>
    )
  return (
    <div className={styles.changes}>
      {found.data.changes.map((change) => (
        <ChangeCard key={change.id} change={change} />
      ))}
    </div>
  )
}

function ChangeCard({ change }: { change: Change }) {
  const { id, edits, reason, state, proposedBy, proposedAt, expiresAt, decidedBy, decidedAt } = change
  const viewer = useViewer()
  const waits = state === 'proposed'
  return (
    <article className={styles.change} aria-label={`Change of ${edits.map((edit) => edit.name).join(', ')}`}>
      <header>
        <h3>{reason}</h3>
        <StateChip {...states[state]} />
      </header>
      <p className="quiet">
        <code>{id}</code>, proposed by {proposedBy} <When at={proposedAt} as="moment" />
        {waits && (
          <>
            , over <When at={expiresAt} as="moment" />
          </>
        )}
        {decidedBy && decidedAt && (
          <>
            , {state} by {decidedBy} <When at={decidedAt} as="moment" />
          </>
        )}
      </p>
      <details open={waits}>
        <summary>{edits.length === 1 ? 'One policy' : `${edits.length} policies`}</summary>
        {edits.map((edit) => (
          <Diff key={edit.name} edit={edit} />
        ))}
      </details>
      {waits && viewer.changesPolicies && (
        <div className={styles.acts}>
          <Decide change={change} verdict="withdraw" />
          {viewer.person.name !== proposedBy && <Decide change={change} verdict="approve" />}
          {viewer.person.name === proposedBy && <span className="quiet">Another security officer or administrator approves it.</span>}
        </div>
      )}
    </article>
  )
}

function Decide({ change: { id, edits, proposedBy }, verdict }: { change: Change; verdict: 'approve' | 'withdraw' }) {
  const [opened, setOpened] = useState(false)
  const approves = verdict === 'approve'
  const decide = useDecideOnPolicies(id, verdict)
  const preview = usePolicyPreview(opened && approves ? edits.map(({ name, after }) => ({ name, text: after })) : undefined)
  return (
    <DecideWithCode
      verdict={verdict}
      opened={opened}
      setOpened={setOpened}
      size={760}
      title={approves ? 'Put these policies in force' : 'Withdraw this change'}
      ready={!approves || preview.isSuccess}
      act={({ code }) => decide.mutateAsync({ code })}
    >
      {approves ? (
        <div className={styles.form}>
          <p>{proposedBy} proposed it. With your code it is in force at once, for requests from then on.</p>
          {edits.map((edit) => (
            <Diff key={edit.name} edit={edit} />
          ))}
          {preview.error && <Failure error={preview.error} />}
          {preview.data && <Effects preview={preview.data} />}
        </div>
      ) : (
        <p>It never comes into force. Whoever still wants it proposes it again.</p>
      )}
    </DecideWithCode>
  )
}
