import type { CharacterClass } from '../../kernel/password-rules.ts'
import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperRefusal } from '../contract.ts'
import { digestOf, type FactContent } from '../facts/fact.ts'
import type { FactReader } from '../facts/fact-reader.ts'
import type { Notary } from '../ledger/notary.ts'
import type { PasswordPolicy } from './rule.ts'

/** A policy as its attested row says it. */
export const policyOf = (row: FactContent): PasswordPolicy => ({
  id: String(row.id),
  tier: row.tier === null ? null : Number(row.tier),
  kind: row.kind === null ? null : String(row.kind),
  target: row.target_id === null ? null : String(row.target_id),
  length: Number(row.length),
  classes: row.classes as CharacterClass[],
  excluded: String(row.excluded),
  exception: row.exception === null ? null : String(row.exception),
})

/**
 * The policies in force: every one that the ledger knows, each checked, so that neither a change nor a missing row goes unnoticed. One that was
 * checked is kept for as long as the ledger knows none later: making a password then asks no database.
 */
export function createPasswordPolicies(
  context: () => { facts: FactReader; notary: Notary },
): () => Promise<Result<PasswordPolicy[], KeeperRefusal>> {
  const kept = new Map<string, { digest: string; content: FactContent }>()
  return async () => {
    const { facts, notary } = context()
    const found: PasswordPolicy[] = []
    for (const id of notary.idsOf('password_policy')) {
      let known = kept.get(id)
      if (known === undefined || known.digest !== notary.head('password_policy', id)?.digest) {
        const row = await facts.read('password_policy', id)
        if (!row.ok) return row
        const { content } = row.value
        known = { digest: digestOf('password_policy', content), content }
        kept.set(id, known)
      }
      if (known.content.state === 'active') found.push(policyOf(known.content))
    }
    return ok(found)
  }
}
