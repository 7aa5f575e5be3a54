import { createPolicyEngine, type PolicyEngine } from '../../domains/policy/index.ts'
import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { FactReader } from '../facts/fact-reader.ts'
import type { Notary } from '../ledger/notary.ts'
import { refuse } from '../refuse.ts'

/** Loads every policy that the ledger knows, each checked; one that was taken away from the database is noticed, and nothing opens. Kept until one changes. */
export function createPolicies(context: () => { facts: FactReader; notary: Notary }): () => Promise<Result<PolicyEngine, KeeperRefusal>> {
  let kept: { key: string; engine: PolicyEngine } | undefined
  return async () => {
    const { facts, notary } = context()
    const texts = []
    const revisions = []
    const policies = await facts.readAll('policy', notary.idsOf('policy'))
    if (!policies.ok) return policies
    for (const { content, revision } of policies.value) {
      const { id, name, text, state } = content
      if (state !== 'active') continue
      texts.push({ id: String(id), name: String(name), text: String(text) })
      revisions.push(`${id}:${revision}`)
    }
    const key = revisions.join(' ')
    if (kept?.key === key) return ok(kept.engine)
    const engine = createPolicyEngine(texts)
    if (!engine.ok)
      return refuse(
        'keeper.policy_error',
        'The policies do not load, so nothing is granted. Ask an administrator to look at the policies.',
        { code: engine.error.code },
      )
    kept = { key, engine: engine.value }
    return ok(engine.value)
  }
}
