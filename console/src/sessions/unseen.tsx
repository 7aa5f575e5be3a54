import type { AnswerOf, session, unproven } from '@claviger/api'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useViewer } from '../data/identity.ts'
import { useAskForInput, useDecideOnOpening, useOpenings, useShowInput } from '../data/unproven.ts'
import { StateChip } from '../ui/chip.tsx'
import { CodeDialog } from '../ui/code-dialog.tsx'
import { DecideWithCode } from '../ui/decide-with-code.tsx'
import { Failure } from '../ui/failure.tsx'
import { When } from '../ui/when.tsx'
import styles from './unseen.module.css'
import { UnseenList } from './unseen-list.tsx'

type Opening = unproven.InputOpening
type Shown = AnswerOf<typeof unproven.showInput>
const states = {
  waiting: { word: 'Waits for another', tone: 'wait' },
  approved: { word: 'Open', tone: 'good' },
  withdrawn: { word: 'Withdrawn', tone: 'over' },
  over: { word: 'Over', tone: 'over' },
} as const

/** What was typed while the target echoed nothing: sealed until two officers open it together. */
export function Unseen({ session: s }: { session: session.Session }) {
  const viewer = useViewer()
  const found = useOpenings(s.id, true)
  const [asking, setAsking] = useState(false)
  const [shown, setShown] = useState<{ opening: string; what: Shown }>()
  const ask = useAskForInput(s.id)
  const own = viewer.id === s.person.id
  return (
    <section className={styles.box} aria-label="What was typed unseen">
      <header className={styles.head}>
        <h2>What was typed unseen</h2>
        {viewer.opensInput && !own && (
          <Button size="xs" variant="default" onClick={() => setAsking(true)}>
            Ask to see it…
          </Button>
        )}
      </header>
      <p className={styles.note}>
        What the target did not echo (a password, but also what is typed after <code>stty -echo</code>) and what is masked in statements is
        sealed under a key of its own. Two security officers open it together{own && ', and nobody has a part in opening what they typed'}.
      </p>
      {found.error && <Failure error={found.error} retry={() => found.refetch()} />}
      {found.data?.map((opening) => (
        <OpeningCard
          key={opening.id}
          opening={opening}
          acts={viewer.opensInput && !own}
          shown={shown?.opening === opening.id ? shown.what : undefined}
          onShown={(what) => setShown(what && { opening: opening.id, what })}
        />
      ))}
      <CodeDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title="Ask to see what was typed unseen"
        confirm="Ask"
        reason={{ placeholder: 'INC-4711: echo was switched off at 14:20' }}
        act={(given) => ask.mutateAsync(given)}
      >
        <p>
          It may hold passwords of {s.person.displayName}. Another security officer approves it within a day; then the two of you may look
          three times, for an hour. Each step stands in the audit log.
        </p>
      </CodeDialog>
    </section>
  )
}

interface CardProps {
  opening: Opening
  acts: boolean
  shown: Shown | undefined
  onShown: (what: Shown | undefined) => void
}

function OpeningCard({ opening: o, acts, shown, onShown }: CardProps) {
  const viewer = useViewer()
  const { name } = viewer.person
  const oneOfTwo = name === o.askedBy || name === o.approvedBy
  const left = o.mostLooks - o.looks
  return (
    <article className={styles.opening} aria-label={`Asked by ${o.askedBy}: ${o.reason}`}>
      <header>
        <h3>{o.reason}</h3>
        <StateChip {...states[o.state]} />
      </header>
      <p className="quiet">
        <code>{o.id}</code>, asked by {o.askedBy} <When at={o.askedAt} as="moment" />
        {o.approvedBy && o.approvedAt && (
          <>
            , approved by {o.approvedBy} <When at={o.approvedAt} as="moment" />
          </>
        )}
        {o.state === 'approved' && o.endsAt && (
          <>
            , open until <When at={o.endsAt} as="moment" />
          </>
        )}
        {o.looks > 0 && `, looked at ${o.looks} of ${o.mostLooks} times`}
      </p>
      {acts && (o.state === 'waiting' || o.state === 'approved') && (
        <div className={styles.acts}>
          {o.state === 'waiting' && name !== o.askedBy && <Decide opening={o} verdict="approve" />}
          {o.state === 'approved' && oneOfTwo && <Look opening={o} left={left} onShown={onShown} />}
          <Decide opening={o} verdict="withdraw" />
          {o.state === 'waiting' && name === o.askedBy && <span className="quiet">Another security officer approves it.</span>}
          {o.state === 'approved' && !oneOfTwo && <span className="quiet">It is shown to these two.</span>}
        </div>
      )}
      {shown && <UnseenList shown={shown} onHide={() => onShown(undefined)} />}
    </article>
  )
}

function Look({ opening: o, left, onShown }: { opening: Opening; left: number; onShown: (what: Shown) => void }) {
  const [opened, setOpened] = useState(false)
  const look = useShowInput(o.id)
  return (
    <>
      <Button size="xs" onClick={() => setOpened(true)}>
        Look…
      </Button>
      <CodeDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title="See what was typed unseen"
        confirm="Show"
        act={async ({ code }) => onShown(await look.mutateAsync({ code }))}
      >
        <p>
          This takes one of {left === 1 ? 'one look that is' : `${left} looks that are`} left, and stands in the audit log. See that nobody
          looks over your shoulder.
        </p>
      </CodeDialog>
    </>
  )
}

function Decide({ opening: o, verdict }: { opening: Opening; verdict: 'approve' | 'withdraw' }) {
  const [opened, setOpened] = useState(false)
  const approves = verdict === 'approve'
  const decide = useDecideOnOpening(o.id, verdict)
  return (
    <DecideWithCode
      verdict={verdict}
      opened={opened}
      setOpened={setOpened}
      title={approves ? 'Open what was typed unseen' : 'Open it no more'}
      act={({ code }) => decide.mutateAsync({ code })}
    >
      {approves ? (
        <p>
          {o.askedBy} asks: <strong>{o.reason}</strong>. With your code the two of you may see what {o.person} typed unseen on{' '}
          <code>{o.account}</code>, three times within an hour.
        </p>
      ) : (
        <p>Nothing is shown under it from then on. Whoever still has to see it asks anew.</p>
      )}
    </DecideWithCode>
  )
}
