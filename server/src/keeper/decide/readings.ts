import { ok, type Result } from '../../kernel/result.ts'
import { Secret } from '../../kernel/secret.ts'
import { sha256 } from '../../platform/crypto/hash.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { Notary } from '../ledger/notary.ts'
import type { Tickets } from '../people/tickets.ts'
import type { Entitle } from './entitlement.ts'
import { maySee } from './may-see.ts'

/** Who may read what by a read ticket, as it was decided. */
export interface Reading {
  person: string
  grant: string
  account: string
  /** Names, for who asked. */
  name: string
  target: string
  endsAt: Date
}

/** Decides for the tickets that programs show, thousands of times a second where they ask so often. */
export interface Readings {
  of(ticket: Uint8Array, from: string, entitle: Entitle): Promise<Result<Reading, KeeperRefusal>>
}

/** A yes is kept so long; a no never. What somebody changed behind the ledger's back is noticed as soon. */
const keptMs = 1_000
const mostKept = 10_000

interface Kept {
  reading: Reading
  /** What the ledger knew then, and the epoch. */
  known: string
  at: number
  until: number
}

/**
 * A decision follows from attested rows alone, and each change of one is an entry that we sign: while no attested row changed anywhere, the same
 * question has the same answer, but for the clock. So a yes is given again for a second, and not for one entry longer.
 */
export function createReadings(context: () => Parameters<typeof maySee>[0] & { notary: Notary; readTickets: Tickets }): Readings {
  const kept = new Map<string, Kept>()
  return {
    async of(ticket, from, entitle) {
      const { identity, notary, now, readTickets } = context()
      const key = `${sha256(ticket).toString('base64')} ${from}`
      const known = `${identity.epoch} ${notary.changes}`
      const before = kept.get(key)
      if (before && before.known === known && performance.now() - before.at < keptMs && before.until > now().getTime())
        return ok(before.reading)
      const at = performance.now()
      const shown = await readTickets.recognise(new Secret(Uint8Array.from(ticket)), from)
      if (!shown.ok) return shown
      const { person_id: person, grant_id, shown_at: shownAt, expires_at } = shown.value.row
      const seen = await maySee(context(), entitle, { person, grant: grant_id, shownAt })
      if (!seen.ok) return seen
      const { grant, account, target } = seen.value
      const endsAt = new Date(String(grant.ends_at))
      const reading: Reading = {
        ...{ person, grant: grant_id, account: String(account.id), endsAt },
        ...{ name: String(account.name), target: String(target.name) },
      }
      if (kept.size >= mostKept) kept.clear()
      // decided from rows that were read after `known` was looked at: a change since then makes it another key
      kept.set(key, { reading, known, at, until: Math.min(endsAt.getTime(), expires_at.getTime()) })
      return ok(reading)
    },
  }
}
