import { isLoginKind } from '../../kernel/credential-kinds.ts'
import type { AccountId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db/open-db.ts'
import { keptByHand } from './kept-by-hand.store.ts'
import { lastRotations, replacedSince } from './rotation.store.ts'

/**
 * Whether what somebody knew of an account's credentials is dead: of each one a newer version was set, proven and promoted, the one before
 * was refused by the target, and no rotation is under way. Where the target goes on taking the one before for a while, either that time is over and
 * it was refused, or another one followed: what somebody knew is then two before, which no target takes.
 */
export async function isReplaced(tx: Tx, account: AccountId, seen: Readonly<Record<string, number>>): Promise<boolean> {
  // nobody replaces it but a person who brings in the next one: who had it before stands in the report, and keeps nobody out
  if ((await keptByHand(tx, account)) !== undefined) return true
  const last = await lastRotations(tx, account)
  for (const [credential, version] of Object.entries(seen)) {
    if (!isLoginKind(credential)) continue
    const rotation = last.find((r) => r.credential === credential)
    if (rotation?.state !== 'done' || rotation.error !== null || rotation.version <= version) return false
    const mayOpen = rotation.old_valid_until !== null && rotation.old_refused_at === null
    if (mayOpen && (await replacedSince(tx, account, credential, version)) < 2) return false
  }
  return true
}

/** Why the last rotation of an account failed; null when it did not. */
export async function rotationTrouble(tx: Tx, account: string): Promise<string | null> {
  const last = await lastRotations(tx, account as AccountId)
  return last.find((r) => r.error !== null)?.error ?? null
}
