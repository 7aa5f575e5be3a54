import type { people } from '@claviger/api'
import { Button, Checkbox, Stack } from '@mantine/core'
import { useState } from 'react'
import { useViewer } from '../data/identity.ts'
import { useJoinGroups, useLeaveGroups } from '../data/people.ts'
import { announce } from '../ui/announcer.tsx'
import { CodeDialog } from '../ui/code-dialog.tsx'
import { Section } from '../ui/detail-page.tsx'
import { groupNames } from '../words/people.ts'

type Group = (typeof groupNames)[number]

/** Which groups somebody is in, and for administrators the way in and out of them: never one's own. */
export function Groups({ shown }: { shown: people.PersonDetails }) {
  const { person: p } = shown
  const viewer = useViewer()
  const [open, setOpen] = useState<'join' | 'leave'>()
  const [chosen, setChosen] = useState<Group[]>([])
  const [join, leave] = [useJoinGroups(p.id), useLeaveGroups(p.id)]
  const others = groupNames.filter((g) => !p.groups.includes(g))
  const close = () => setOpen(undefined)
  const begin = (act: 'join' | 'leave') => {
    setChosen([])
    setOpen(act)
  }
  const choice = (of: readonly Group[]) => (
    <Checkbox.Group label="Groups" value={chosen} onChange={(value) => setChosen(value as Group[])}>
      <Stack gap={6} mt={4}>
        {of.map((group) => (
          <Checkbox key={group} value={group} label={group} />
        ))}
      </Stack>
    </Checkbox.Group>
  )
  return (
    <Section
      title="Groups"
      aside={
        viewer.changesPeople &&
        viewer.id !== p.id && (
          <span style={{ display: 'flex', gap: '0.5rem', flexWrap: 'wrap' }}>
            {p.state === 'active' && others.length > 0 && (
              <Button variant="default" size="compact-md" onClick={() => begin('join')}>
                Put into groups…
              </Button>
            )}
            {p.groups.length > 0 && (
              <Button variant="default" size="compact-md" onClick={() => begin('leave')}>
                Take out of groups…
              </Button>
            )}
          </span>
        )
      }
    >
      <p className={p.groups.length === 0 ? 'quiet' : undefined}>{p.groups.join(', ') || 'In none: nothing can be asked for.'}</p>
      <CodeDialog
        opened={open === 'join'}
        onClose={close}
        title={`Put ${p.displayName} into groups`}
        confirm="Put into groups"
        ready={chosen.length > 0}
        act={async ({ code }) => {
          const { person } = await join.mutateAsync({ groups: chosen, code })
          announce(person.state === 'unconfirmed' ? 'Joined. Somebody else confirms it; until then nothing opens for them.' : 'Joined.')
        }}
      >
        <Stack gap="sm">
          {choice(others)}
          <p className="quiet">
            They sign in again. Whoever joins approvers, security or administrators can do nothing until somebody else confirms it.
          </p>
        </Stack>
      </CodeDialog>
      <CodeDialog
        opened={open === 'leave'}
        onClose={close}
        title={`Take ${p.displayName} out of groups`}
        confirm="Take out of groups"
        danger
        ready={chosen.length > 0}
        act={({ code }) => leave.mutateAsync({ groups: chosen, code }).then(() => announce('Taken out.'))}
      >
        <Stack gap="sm">
          {choice(p.groups)}
          <p className="quiet">At once. Grants that they hold run on: end those on their requests, or disable them.</p>
        </Stack>
      </CodeDialog>
    </Section>
  )
}
