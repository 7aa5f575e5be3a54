import { Button, Checkbox, Group, NumberInput, Stack } from '@mantine/core'
import { useState } from 'react'
import { useViewer } from '../data/identity.ts'
import { useChangeVersionPolicy, useVersionPolicy } from '../data/passwords.ts'
import { CodeDialog } from '../ui/code-dialog.tsx'
import { Section } from '../ui/detail-page.tsx'
import { keptInWords } from '../words/passwords.ts'

/** How long versions that were replaced are kept; security officers change it. */
export function VersionsKept() {
  const found = useVersionPolicy()
  const viewer = useViewer()
  return (
    <Section title="Versions that were replaced">
      {found.data && <p>{keptInWords(found.data)}</p>}
      {found.data && viewer.destroysVersions && <Change key={found.data.state} {...found.data} />}
    </Section>
  )
}

function Change(before: { keep: number; days: number; state: 'on' | 'off' }) {
  const [opened, setOpened] = useState(false)
  const [given, setGiven] = useState(before)
  const change = useChangeVersionPolicy()
  return (
    <>
      <Button variant="default" w="fit-content" onClick={() => setOpened(true)}>
        Change…
      </Button>
      <CodeDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title="Versions that were replaced"
        confirm="Change"
        danger={given.state === 'on'}
        ready={given.keep >= 1 && given.days >= 1}
        act={({ code }) => change.mutateAsync({ ...given, code })}
      >
        <Stack gap="sm">
          <Checkbox
            label="Destroy what is more and older"
            checked={given.state === 'on'}
            onChange={(e) => setGiven({ ...given, state: e.currentTarget.checked ? 'on' : 'off' })}
          />
          <Group grow>
            <NumberInput
              label="Keep the newest"
              value={given.keep}
              min={1}
              max={1000}
              allowDecimal={false}
              onChange={(value) => setGiven({ ...given, keep: Number(value) || 0 })}
            />
            <NumberInput
              label="and all for days"
              value={given.days}
              min={1}
              max={3650}
              allowDecimal={false}
              onChange={(value) => setGiven({ ...given, days: Number(value) || 0 })}
            />
          </Group>
          <p className="quiet">What is destroyed does not come back. The current version and a candidate never are.</p>
        </Stack>
      </CodeDialog>
    </>
  )
}
