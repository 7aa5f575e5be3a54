import type { breakGlass } from '@claviger/api'
import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import { useSettleKey } from '../data/breakglass.ts'
import { useViewer } from '../data/identity.ts'
import { CodeDialog } from '../ui/code-dialog.tsx'
import { Copyable } from '../ui/copyable.tsx'
import { Section } from '../ui/detail-page.tsx'
import { Fact, Facts } from '../ui/facts.tsx'

/** A key that an administrator brought: an officer compares it, and says that it counts. */
export function ProposedKey({ proposed }: { proposed: NonNullable<breakGlass.Breakglass['proposed']> }) {
  const [verdict, setVerdict] = useState<'confirm' | 'drop'>()
  const viewer = useViewer()
  const settle = useSettleKey(proposed.id)
  const mine = proposed.introducedBy.id === viewer.person.id
  return (
    <Section title="A key waits for an officer">
      <p>
        Compare its public half with {proposed.introducedBy.name}, and the custodians’ keys with the custodians: who has the private half
        reads every credential for emergencies.
      </p>
      <Facts>
        <Fact name="Public half">
          <Copyable value={proposed.recipient} what="public half" />
        </Fact>
        <Fact name="Opened by">any {proposed.threshold} of</Fact>
        {proposed.custodians.map(({ name, key }) => (
          <Fact key={name} name={name}>
            <Copyable value={key} what={`key of ${name}`} />
          </Fact>
        ))}
      </Facts>
      <Group mt="md">
        {viewer.confirmsBreakglass && !mine && <Button onClick={() => setVerdict('confirm')}>Confirm</Button>}
        {viewer.makesKits && (
          <Button variant="default" onClick={() => setVerdict('drop')}>
            Drop
          </Button>
        )}
      </Group>
      {mine && <p className="quiet">You brought it, so a security officer who did not confirms it.</p>}
      <CodeDialog
        opened={verdict !== undefined}
        onClose={() => setVerdict(undefined)}
        title={verdict === 'drop' ? 'Drop this key' : 'Let this key count'}
        confirm={verdict === 'drop' ? 'Drop' : 'Confirm'}
        act={({ code }) => settle.mutateAsync({ code, verdict: verdict ?? 'drop' })}
      >
        {verdict === 'drop'
          ? 'Nothing was sealed to it. Its shares open nothing.'
          : 'Every account for emergencies is rotated, and its credential sealed to this key.'}
      </CodeDialog>
    </Section>
  )
}
