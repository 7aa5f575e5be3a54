import type { SshRotation } from '@claviger/api'
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useViewer } from '../data/identity.ts'
import { useLeaveHostOut } from '../data/ssh-authority.ts'
import { links } from '../paths.ts'
import { StateChip } from '../ui/chip.tsx'
import { CodeDialog } from '../ui/code-dialog.tsx'
import { Section } from '../ui/detail-page.tsx'
import { type Column, Rows } from '../ui/rows.tsx'
import { When } from '../ui/when.tsx'

type Waiting = SshRotation['waiting'][number]

/** How far the replacement is, and which hosts it waits for. */
export function RotationProgress({ rotation }: { rotation: SshRotation }) {
  const viewer = useViewer()
  const { step, from, to, told, of, waiting, leftOut } = rotation
  const columns: Column<Waiting>[] = [
    { name: 'Host', cell: (w) => <Link {...links.target(w.target.id)}>{w.target.name}</Link>, narrow: 'top' },
    {
      name: 'Why',
      cell: (w) => w.why ?? (w.byHand ? 'It was told by hand: do that again, and it is seen' : 'Its turn comes'),
      narrow: 'middle',
    },
    { name: 'Tried', cell: (w) => w.tries, narrow: 'bottom', called: 'times tried', tight: true },
    { name: 'Again', cell: (w) => (w.nextTry ? <When at={w.nextTry} /> : 'now'), narrow: 'bottom-end', called: 'again', tight: true },
    ...(viewer.leavesHostsOut ? [{ name: '', cell: (w: Waiting) => <LeaveOut {...w.target} />, narrow: 'top-end' as const }] : []),
  ]
  return (
    <Section
      title={step === 'done' ? 'Last replacement' : 'Replacement'}
      aside={step === 'done' ? <StateChip word="Done" tone="good" /> : <StateChip word="Running" tone="wait" />}
    >
      {step === 'done' ? (
        <p>
          Version {to} signs, and version {from} was destroyed <When at={rotation.changedAt} as="moment" />.
        </p>
      ) : (
        <p role="status">
          {step === 'telling'
            ? `Version ${from} signs. ${told} of ${of} hosts trust version ${to} beside it; when all do, that one signs.`
            : `Version ${to} signs. Version ${from} is gone from ${told} of ${of} hosts; when it is from all, it is destroyed.`}
        </p>
      )}
      {leftOut.map(({ target, reason, by }) => (
        <p key={target.id}>
          <Link {...links.target(target.id)}>{target.name}</Link> was left out by {by}: {reason}
        </p>
      ))}
      {waiting.length > 0 && <Rows<Waiting> label="Hosts that it waits for" rows={waiting} columns={columns} idOf={(w) => w.target.id} />}
    </Section>
  )
}

function LeaveOut({ id, name }: { id: string; name: string }) {
  const leave = useLeaveHostOut()
  const [opened, setOpened] = useState(false)
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setOpened(true)} aria-label={`Leave ${name} out`}>
        Leave out…
      </Button>
      <CodeDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={`Leave ${name} out`}
        confirm="Leave out"
        danger
        reason={{ placeholder: 'scrapped, CHG-77' }}
        act={({ code, reason }) => leave.mutateAsync({ target: id, reason, code })}
      >
        The replacement does not wait for it. Certificates by the new key do not open it until it is told, and it goes on to trust the old
        one.
      </CodeDialog>
    </>
  )
}
