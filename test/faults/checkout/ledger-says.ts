import type { EntryBytes } from '../losses/ledger.ts'
import type { Loss } from '../losses/loss.ts'

/**
 * What the ledger says of who held an account, entry after entry: never two at once, and between two holders the credential that the first one knew
 * was replaced by a rotation that began after the check-in and came to its end.
 */
export function whatTheLedgerSays(entries: readonly EntryBytes[], account: string): { holders: number; losses: Loss[] } {
  const losses: Loss[] = []
  let holder: unknown
  let holders = 0
  /** Rotations that began since the account came back; undefined while nobody had it yet. */
  let begun: Set<unknown> | undefined
  let replaced = true
  const lost = (what: unknown, why: string) => losses.push({ kind: 'check-in', what: String(what), why })
  for (const { act, phase, fields } of entries) {
    if (fields.account !== account) continue
    if (act === 'access.granted') {
      holders += 1
      if (holder !== undefined) lost(fields.grant, `it was granted while ${holder} held the account`)
      if (!replaced) lost(fields.grant, 'it was granted before the credential of the holder before was replaced')
      holder = fields.grant
      replaced = false
      begun = undefined
    } else if (act === 'access.grant_ended') {
      if (holder === fields.grant) holder = undefined
      else lost(fields.grant, 'it ended, and did not hold the account')
      begun = new Set()
    } else if (act === 'rotation.begun') begun?.add(fields.rotation)
    else if (act === 'rotation.done' && phase === 'outcome' && begun?.has(fields.rotation)) replaced = true
  }
  if (holder !== undefined) lost(holder, 'it holds the account, and nobody works any more')
  else if (!replaced) lost(account, 'what the last holder knew was not replaced')
  return { holders, losses }
}
