import { Checkbox, Stack, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useInvite } from '../data/people.ts'
import { CodeDialog } from '../ui/code-dialog.tsx'
import { groupNames } from '../words/people.ts'
import { OneTimeLink } from './one-time-link.tsx'

type Group = (typeof groupNames)[number]

/** Brings in a person: who they are, what they may be asked or ask for, and a one-time link for them alone. */
export function Invite({ children }: { children: (open: () => void) => ReactNode }) {
  const [opened, setOpened] = useState(false)
  const [name, setName] = useState('')
  const [displayName, setDisplayName] = useState('')
  const [groups, setGroups] = useState<Group[]>([])
  const [link, setLink] = useState<{ token: string; who: string }>()
  const invite = useInvite()
  return (
    <>
      {children(() => setOpened(true))}
      <CodeDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title="Invite a person"
        confirm="Invite"
        act={async ({ code }) => {
          const { enrolmentToken, person } = await invite.mutateAsync({ name, displayName, groups, code })
          setLink({ token: enrolmentToken, who: person.displayName })
        }}
      >
        <Stack gap="sm">
          <TextInput
            label="Name"
            description="As they sign in: lower-case letters, digits and . _ @ + -"
            value={name}
            maxLength={127}
            autoCapitalize="none"
            required
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label="Display name"
            value={displayName}
            maxLength={100}
            required
            onChange={(event) => setDisplayName(event.currentTarget.value)}
          />
          <Checkbox.Group label="Groups" value={groups} onChange={(value) => setGroups(value as Group[])}>
            <Stack gap={6} mt={4}>
              {groupNames.map((group) => (
                <Checkbox key={group} value={group} label={group} />
              ))}
            </Stack>
          </Checkbox.Group>
          <p className="quiet">Whoever joins approvers, security or administrators is confirmed by somebody else before anything counts.</p>
        </Stack>
      </CodeDialog>
      {link && <OneTimeLink {...link} onClose={() => setLink(undefined)} />}
    </>
  )
}
