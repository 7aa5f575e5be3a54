import { SealCard } from '../seal/seal-card.tsx'
import { Section } from '../ui/detail-page.tsx'
import { ListPage } from '../ui/list-page.tsx'
import { useTitle } from '../ui/use-title.ts'
import { ControlsPanel } from './controls-panel.tsx'
import { DutiesPanel } from './duties-panel.tsx'
import { NodesPanel } from './nodes-panel.tsx'
import { useControls } from './use-controls.ts'
import { dutyNames } from './words.ts'

export function ControlsPage() {
  const { data } = useControls()
  const silent = data?.silences.length ?? 0
  const overdue = data?.duties.filter((d) => d.overdue) ?? []
  useTitle(silent > 0 ? `(${silent} silent) Controls` : 'Controls')
  return (
    <ListPage title="Controls">
      <p role="status">
        {data &&
          (silent === 0
            ? 'Everything that must go on does.'
            : `${silent} silent. Each silence is an alarm in the ledger, and so is its end.`)}
        {overdue.length > 0 && <strong> {overdue.map((d) => `${dutyNames[d.duty]}: overdue.`).join(' ')}</strong>}
      </p>
      <ControlsPanel />
      <DutiesPanel />
      <SealCard />
      <Section title="Servers">
        <NodesPanel />
      </Section>
    </ListPage>
  )
}
