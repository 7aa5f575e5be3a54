import { useInbox } from '../data/access.ts'
import { useActsToDecide } from '../data/asks.ts'
import { useViewer } from '../data/identity.ts'
import { NavCount } from '../shell/nav-count.tsx'

const calm = 15_000

/** How many requests and acts in sessions wait for the viewer's decision, beside the word "Approvals". */
export function WaitingCount() {
  const { decides } = useViewer()
  const inbox = useInbox(calm, decides)
  const held = useActsToDecide(decides)
  return (
    <NavCount count={(inbox.data?.length ?? 0) + (held.data?.length ?? 0)} more={(inbox.more ?? held.more) !== undefined} unit="waiting" />
  )
}
