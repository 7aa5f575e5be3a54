import type { Attempt, Door } from '../../gateways/contract.ts'
import type { PersonId } from '../../kernel/id.ts'
import type { Chorus } from '../../platform/crew/index.ts'
import type { Audit } from '../audit/index.ts'
import { countByAddress } from './address-counts.ts'
import { attempted } from './events.ts'

/** Entries about refused attempts a minute and address: enough to see an attack, too few to fill the ledger with it. */
const perMinute = 30
const mostDropping = 10_000

export interface Attempts {
  record(door: Door, from: string, code: string, what: string, about?: { attempt?: Attempt; person?: PersonId }): void
}

/** Records attempts that came to nothing. What is over the limit of an address is counted and said with the next entry. */
export function createAttempts(audit: Audit, log: (line: string) => void, chorus?: Chorus): Attempts {
  const counts = countByAddress('session.attempt', Date.now, chorus)
  const dropped = new Map<string, number>()
  return {
    record(door, from, code, what, { attempt, person } = {}) {
      const address = from.replace(/:\d+$/, '')
      const left = dropped.get(address) ?? 0
      if (counts.add(address) > perMinute) {
        if (dropped.size > mostDropping) dropped.clear()
        dropped.set(address, left + 1)
        return
      }
      dropped.delete(address)
      if (left > 0) what = `${what} (and ${left} more that were not recorded one by one)`
      const event = attempted({
        door,
        way: attempt?.way ?? 'native',
        code,
        account: attempt?.account ?? null,
        target: attempt?.target ?? null,
        who: attempt?.person.slice(0, 256) ?? null,
        from,
        what: what.slice(0, 500),
      })
      audit
        .noteLater(event, person ?? null, { phase: 'refused' })
        .catch((error: unknown) => log(`an attempt could not be recorded: ${String(error)}`))
    },
  }
}
