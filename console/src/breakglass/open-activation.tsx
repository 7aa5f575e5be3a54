import type { activations as api } from '@claviger/api'
import { Button, Group, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useActivationDoor, useMoveActivation } from '../data/activations.ts'
import { useViewer } from '../data/identity.ts'
import { StateChip } from '../ui/chip.tsx'
import { CodeDialog } from '../ui/code-dialog.tsx'
import { Fact, Facts } from '../ui/facts.tsx'
import { ReasonDialog } from '../ui/reason-dialog.tsx'
import { When } from '../ui/when.tsx'
import { inWords } from '../words/duration.ts'
import { stateOf } from './activation-columns.tsx'
import { GiveShare } from './give-share.tsx'

const shortestReview = 20

/** One that waits, runs, or whose review is open: what it is about, and what this viewer can do. */
export function OpenActivation({ activation: a }: { activation: api.Activation }) {
  const viewer = useViewer()
  const move = useMoveActivation(a.id)
  const [doing, setDoing] = useState<'approve' | 'share' | 'end' | 'withdraw' | 'review'>()
  const [review, setReview] = useState('')
  const close = () => setDoing(undefined)
  const one = viewer.id === a.requester.id || viewer.id === a.approver?.id
  const officer = viewer.person.groups.includes('security')
  const names = a.accounts.map((account) => `${account.name}@${account.target}`).join(', ')
  // one that runs in a keeper that was started anew opens nothing until the custodians come again
  const { data: door } = useActivationDoor(a.id, a.state === 'approved' || a.state === 'active')
  const asked = (a.state === 'approved' || a.state === 'active') && door?.opened === false
  const what = a.kind === 'drill' ? 'drill' : 'activation'
  return (
    <section aria-label={`${what} ${a.id}`}>
      <Facts>
        <Fact name={a.kind === 'drill' ? 'Drill' : 'Emergency'}>
          <code>{names}</code> <StateChip {...stateOf(a)} />
        </Fact>
        <Fact name="Reason">{a.reason}</Fact>
        <Fact name="People">
          {a.requester.name} {a.approver ? `and ${a.approver.name}` : 'and a second one, of security or administrators'}
        </Fact>
        {a.state === 'active' && a.endsAt && (
          <Fact name="Until">
            <When at={a.endsAt} />
          </Fact>
        )}
        {asked && (
          <Fact name="Custodians">
            {door.given} of {door.threshold} gave their share
            {door.forgottenIn !== null && `; it is forgotten in ${inWords(Math.max(60, Math.ceil(door.forgottenIn / 60) * 60))}`}
          </Fact>
        )}
        {a.endedAt && (
          <Fact name="Ended">
            <When at={a.endedAt} />: {a.endReason}
          </Fact>
        )}
      </Facts>
      <Group my="md">
        {a.state === 'waiting' && viewer.agreesToBreakglass && viewer.id !== a.requester.id && (
          <Button onClick={() => setDoing('approve')}>Agree…</Button>
        )}
        {asked && (
          <Button variant={a.state === 'approved' ? 'filled' : 'default'} onClick={() => setDoing('share')}>
            Give a share…
          </Button>
        )}
        {a.state === 'active' && (one || officer) && (
          <Button variant="danger" onClick={() => setDoing('end')}>
            End…
          </Button>
        )}
        {(a.state === 'waiting' || a.state === 'approved') && (viewer.id === a.requester.id || officer) && (
          <Button variant="default" onClick={() => setDoing('withdraw')}>
            Withdraw…
          </Button>
        )}
        {a.state === 'ended' && officer && !one && <Button onClick={() => setDoing('review')}>Close the review…</Button>}
      </Group>
      {a.state === 'ended' && (!officer || one) && (
        <p className="quiet">A security officer who was neither of the two closes its review.</p>
      )}
      <CodeDialog
        opened={doing === 'approve'}
        onClose={close}
        title={`Agree to this ${what}`}
        confirm="Agree"
        act={({ code }) => move.mutateAsync({ act: 'approve', code })}
      >
        {a.requester.name} asks for <code>{names}</code>: {a.reason}. With the custodians’ shares it begins.
      </CodeDialog>
      {asked && <GiveShare activation={a} door={door} opened={doing === 'share'} onClose={close} />}
      <CodeDialog
        opened={doing === 'withdraw'}
        onClose={close}
        title={`Withdraw this ${what}`}
        confirm="Withdraw"
        act={({ code }) => move.mutateAsync({ act: 'end', code, why: 'withdrawn' })}
      >
        It does not run yet. Shares that were given are forgotten.
      </CodeDialog>
      <ReasonDialog
        opened={doing === 'end'}
        onClose={close}
        title={`End this ${what}`}
        label="Why"
        confirm="End"
        act={(why) => move.mutateAsync({ act: 'end', why: why.slice(0, 300) })}
      >
        Sessions under it are cut, and <code>{names}</code> rotated.
      </ReasonDialog>
      <CodeDialog
        opened={doing === 'review'}
        onClose={close}
        title="Close the review"
        confirm="Close the review"
        ready={review.trim().length >= shortestReview}
        act={({ code }) => move.mutateAsync({ act: 'review', code, review: review.trim() })}
      >
        <Textarea
          label="What happened, whether the access was right, and what follows"
          description={`At least ${shortestReview} letters. It stands in the ledger.`}
          minRows={4}
          autosize
          maxLength={4000}
          value={review}
          onChange={(event) => setReview(event.currentTarget.value)}
        />
      </CodeDialog>
    </section>
  )
}
