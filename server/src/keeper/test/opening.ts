import { newId } from '../../platform/crypto/random.ts'
import { openingWaits } from '../facts/input-opening.ts'
import type { Row, World } from './world.ts'

/** An opening of what was typed unseen, as it is asked for; `over` says of which session, and by whom. */
export const opening = (world: World, over: Row) => {
  const at = world.clock.now()
  return {
    ...{ id: newId('iop'), reason: 'INC-7: what was typed at the prompt', state: 'waiting', asked_at: at },
    ...{ expires_at: new Date(at.getTime() + openingWaits * 1000), approver_id: null, approved_at: null, ends_at: null },
    ...{ epoch: world.inside.context.identity.epoch, shown: 0, shown_to: null, shown_at: null, withdrawn_by: null },
    ...over,
  }
}
