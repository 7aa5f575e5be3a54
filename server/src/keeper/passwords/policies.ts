import type { CharacterClass } from '../../kernel/password-rules.ts'
import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { FactContent } from '../facts/fact.ts'
import type { FactReader } from '../facts/fact-reader.ts'
import { keepFacts } from '../facts/keep-facts.ts'
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
  const read = keepFacts('password_policy', context)
  return async () => {
    const found: PasswordPolicy[] = []
    for (const id of context().notary.idsOf('password_policy')) {
      const row = await read(id)
      if (!row.ok) return row
      if (row.value?.state === 'active') found.push(policyOf(row.value))
    }
    return ok(found)
  }
}
