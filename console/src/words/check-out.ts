import type { checkOut } from '@claviger/api'
import { moment } from './time.ts'

/** What somebody in the queue wants to know: who has it, and when it comes back. */
export function whyQueued({ holder, state, until, trouble }: checkOut.CheckOut, now: number): string {
  if (state === 'returned')
    return trouble
      ? `It is back, but its credential could not be replaced yet (${trouble}). That is tried again by itself, and nobody gets the account before.`
      : 'It is back, and its credential is being replaced.'
  if (state === 'held' && holder) return `${holder.displayName} has it${until ? ` until ${moment(Date.parse(until), now)}` : ''}.`
  return 'Others use it; it begins when they are done.'
}
