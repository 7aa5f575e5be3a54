import { SealCard } from '../seal/seal-card.tsx'
import { Section } from '../ui/detail-page.tsx'
import { ListPage } from '../ui/list-page.tsx'
import { useTitle } from '../ui/use-title.ts'
import { ControlsPanel } from './controls-panel.tsx'
import { NodesPanel } from './nodes-panel.tsx'
import { useControls } from './use-controls.ts'

export function ControlsPage() {
  const { data } = useControls()
  const silent = data?.silences.length ?? 0
  useTitle(silent > 0 ? `(${silent} silent) Controls` : 'Controls')
  return (
    <ListPage title="Controls">
      <p role="status">
        {data &&
          (silent === 0
            ? 'Everything that must go on does.'
            : `${silent} silent. Each silence is an alarm in the ledger, and so is its end.`)}
      </p>
      <ControlsPanel />
      <SealCard />
      <Section title="Servers">
        <NodesPanel />
      </Section>
    </ListPage>
  )
}
