import type { checkOut } from '@claviger/api'
import type { Fact, Printer } from '../../kit/printer.ts'
import { stateStyle } from '../words.ts'

/** Who holds an account and who waits for it. */
export function checkOutFacts(print: Printer, out: checkOut.CheckOut): Fact[] {
  const { holder, state, until, trouble, queue, position } = out
  const held =
    holder &&
    (state === 'held'
      ? `${holder.name}${until ? `, until ${print.time(until)}` : ''}`
      : `given back by ${holder.name}; its credential is being replaced`)
  return [
    ['given out', out.mode === 'exclusive' ? 'to one person at a time' : 'to several at a time'],
    ['held by', held ?? 'nobody alone', held ? stateStyle(out) : undefined],
    ...(trouble
      ? [['trouble', `${trouble}: the credential could not be replaced, so nobody gets the account. It is tried again`, 'red'] as const]
      : []),
    ...(queue.length === 0 ? [] : [['queue', queue.map((q) => `${q.position}. ${q.person?.name ?? 'somebody'}`).join(', ')] as const]),
    ...(position === null ? [] : [['your place', String(position), 'yellow'] as const]),
  ]
}
