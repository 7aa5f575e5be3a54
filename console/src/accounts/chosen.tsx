import { Button } from '@mantine/core'
import { RotateMany } from '../rotations/rotate-many.tsx'
import { ActionBar } from '../ui/action-bar.tsx'
import { count } from '../words/inventory.ts'

/** As many as the server takes at once. */
const most = 1000

/** What can be done with the accounts that were chosen, over all pages. */
export const Chosen = ({ ids, onNone }: { ids: readonly string[]; onNone: () => void }) => (
  <ActionBar why={`${count(ids.length, 'account')} chosen${ids.length > most ? `; at most ${most} at once` : ''}`}>
    <Button variant="default" onClick={onNone}>
      Choose none
    </Button>
    <RotateMany
      choice={{ by: 'accounts', ids: ids.slice(0, most) }}
      about={`The ${count(Math.min(most, ids.length), 'account')} that you chose.`}
      placeholder="A laptop was stolen"
    >
      {(open) => <Button onClick={open}>Rotate them…</Button>}
    </RotateMany>
  </ActionBar>
)
