import { canonical, type Plain } from '../../kernel/canonical.ts'
import { lengthPrefixed, sha256 } from '../../platform/crypto/hash.ts'
import type { NewFact } from '../decide/view.ts'

/** SHA-256, hex, of one thing that somebody says yes to with a passkey: which operation, and on what. */
export const actDigest = (operation: string, about: Plain): string =>
  sha256(lengthPrefixed('claviger/act/v1', operation, canonical(about))).toString('hex')

/** Columns that say when: set by the clock at the moment of the act, and bounded by the rules. */
const when = /^(at|.+_at)$/
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/
/** A time inside a value that is this close is the moment of the act. */
const closeMs = 10 * 60_000

type Rows = readonly (NewFact & { revision: number })[]

/**
 * What is drawn anew each time that the same is asked, and what stands for it: ids of rows that are made in this act, ids of policies that it
 * proposes to make, and the digest of a request that it makes, which is over its id and the moment. What they stand for is beside them.
 */
function drawnAnew(batch: Rows): Map<string, string> {
  const drawn = new Map<string, string>()
  for (const [i, { kind, content }] of batch.filter((f) => f.revision === 1).entries()) {
    drawn.set(String(content.id), `new ${i}`)
    if (kind === 'access_request') drawn.set(String(content.digest), `digest of new ${i}`)
    if (kind !== 'policy_change' || !Array.isArray(content.changes)) continue
    for (const [k, edit] of content.changes.entries()) {
      const { policy, revision } = (edit ?? {}) as { policy?: Plain; revision?: Plain }
      if (revision === 1) drawn.set(String(policy), `new ${i}.${k}`)
    }
  }
  return drawn
}

/**
 * The digest of the rows of one act. It is asked for before the person says yes and computed again from what comes with the yes, so two
 * things are left out of it that differ each time: what is drawn anew in this act, and the time.
 */
export function rowsDigest(batch: Rows, now: Date): string {
  const fresh = drawnAnew(batch)
  const settled = (value: Plain): Plain => {
    if (typeof value === 'string') {
      const isNow = isoTime.test(value) && Math.abs(Date.parse(value) - now.getTime()) < closeMs
      return isNow ? 'now' : (fresh.get(value) ?? value)
    }
    if (Array.isArray(value)) return value.map(settled)
    if (value !== null && typeof value === 'object')
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, settled(inner as Plain)]))
    return value
  }
  const rows = batch.map(({ kind, revision, content }) => ({
    kind,
    revision,
    content: Object.fromEntries(
      Object.entries(content)
        .filter(([column]) => !when.test(column))
        .map(([column, value]) => [column, settled(value)]),
    ),
  }))
  return actDigest('attest', rows as unknown as Plain)
}
