import { IconAlertTriangle, IconHeartbeat } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useControls } from '../controls/use-controls.ts'
import { nameOf } from '../controls/words.ts'
import { When } from '../ui/when.tsx'
import { Calm, Panel } from './panel.tsx'

/** Whether Claviger itself works, in one line; what is silent, with its cause. */
export function Controls() {
  const controls = useControls()
  return (
    <Panel title="The controls" asked={controls} more={<Link to="/controls">All controls</Link>}>
      {({ controls: all, silences }) =>
        silences.length === 0 ? (
          <Calm icon={<IconHeartbeat size={18} stroke={1.6} />}>All {all.length} work.</Calm>
        ) : (
          silences.map(({ control, node, since, cause }) => (
            <Calm key={`${node} ${control}`} icon={<IconAlertTriangle size={18} stroke={1.6} />}>
              <strong>{nameOf(control)}</strong> is silent since <When at={since} as="moment" />. {cause}
            </Calm>
          ))
        )
      }
    </Panel>
  )
}
