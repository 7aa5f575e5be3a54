import type { activations as api } from '@claviger/api'
import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import { useActivations } from '../data/activations.ts'
import { useViewer } from '../data/identity.ts'
import { Section } from '../ui/detail-page.tsx'
import { Problem } from '../ui/failure.tsx'
import { Rows } from '../ui/rows.tsx'
import { When } from '../ui/when.tsx'
import { Activate } from './activate.tsx'
import { activationColumns } from './activation-columns.tsx'
import { OpenActivation } from './open-activation.tsx'

const open = (a: api.Activation) => ['waiting', 'approved', 'active'].includes(a.state) || (a.state === 'ended' && a.kind === 'emergency')

/** What runs or waits, whose review is open, what was rehearsed; and the way to begin either. */
export function Activations() {
  const viewer = useViewer()
  const { data, error } = useActivations(true)
  const [asking, setAsking] = useState<'emergency' | 'drill'>()
  const { everyDays, lastPassedAt, overdue } = data?.drills ?? {}
  const over = data?.activations.filter((a) => !open(a)) ?? []
  return (
    <Section title="While the server is up">
      <p className="quiet">
        Two people with a code each, one of them of security, and the custodians with their shares. Everybody of security is alarmed, who
        asked connects as always and sees no credential, and at the end it is rotated.
      </p>
      <Problem error={error} />
      {viewer.activates && (
        <Group my="md">
          <Button variant="danger" onClick={() => setAsking('emergency')}>
            Activate…
          </Button>
          <Button variant="default" onClick={() => setAsking('drill')}>
            Rehearse…
          </Button>
        </Group>
      )}
      {data?.activations.filter(open).map((a) => (
        <OpenActivation key={a.id} activation={a} />
      ))}
      <p role="status">
        {overdue ? (
          <strong>
            A drill is overdue: one is due every {everyDays} days, and {lastPassedAt ? 'the last one passed ' : 'none passed yet.'}
          </strong>
        ) : (
          lastPassedAt && <span className="quiet">The last drill passed </span>
        )}
        {lastPassedAt && <When at={lastPassedAt} />}
      </p>
      {over.length > 0 && <Rows label="Activations and drills" rows={over} columns={activationColumns} idOf={(a) => a.id} />}
      <Activate kind={asking} onClose={() => setAsking(undefined)} />
    </Section>
  )
}
