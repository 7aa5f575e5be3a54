import type { Attempt, Door } from '../../gateways/contract.ts'
import type { PersonId } from '../../kernel/id.ts'
import type { Audit } from '../audit/index.ts'
import { attempted } from './events.ts'

/** Entries about refused attempts a minute and address: enough to see an attack, too few to fill the ledger with it. */
const perMinute = 30

export interface Attempts {
  record(door: Door, from: string, code: string, what: string, about?: { attempt?: Attempt; person?: PersonId }): void
}

/** Records attempts that came to nothing. What is over the limit of an address is counted and said with the next entry. */
export function createAttempts(audit: Audit, log: (line: string) => void): Attempts {
  const windows = new Map<string, { until: number; count: number; dropped: number }>()
  return {
    record(door, from, code, what, { attempt, person } = {}) {
      const address = from.replace(/:\d+$/, '')
      const now = Date.now()
      let window = windows.get(address)
      if (!window || window.until <= now) {
        const dropped = window?.dropped ?? 0
        window = { until: now + 60_000, count: 0, dropped: 0 }
        if (windows.size > 10_000) windows.clear()
        windows.set(address, window)
        if (dropped > 0) what = `${what} (and ${dropped} more that were not recorded one by one)`
      }
      if (++window.count > perMinute) {
        window.dropped += 1
        return
      }
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
