import { attest } from '../../keeper/attest-rows.ts'
import type { Keeper } from '../../keeper/client.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { newId } from '../../platform/crypto/random.ts'
import type { Audit } from '../audit/index.ts'
import { createPolicyEngine, loadDefaultPolicies } from '../policy/index.ts'
import { insertPolicy, readPolicyIds } from './access.store.ts'
import type { AccessError } from './errors.ts'
import { policiesLaidDown } from './events.ts'

/** Takes over the policies that ship with the product, once, in the first run. Safe to repeat. */
export async function layDownPolicies(
  deps: { audit: Audit; keeper: Keeper; folder: string },
  setupToken: string,
): Promise<Result<number, AccessError>> {
  const broken = (why: string) =>
    fail({ code: 'keeper.policy_error', message: `The policies in ${deps.folder} do not load: ${why}. Put the shipped files back.` })
  const loaded = loadDefaultPolicies(deps.folder)
  if (!loaded.ok) return broken(loaded.error.code)
  const policies = loaded.value.map((p) => ({ id: newId('pol'), ...p, state: 'active' }))
  const engine = createPolicyEngine(policies)
  if (!engine.ok) return broken(engine.error.code)
  return await deps.audit.act<number, AccessError>({ act: 'policy.lay_down', by: null }, async ({ tx, record }) => {
    if ((await readPolicyIds(tx)).length > 0) return ok(0)
    const attested = await attest(
      deps.keeper,
      policies.map((row) => ({ kind: 'policy', revision: 1, row })),
      { by: 'setup', token: setupToken },
    )
    if (!attested.ok) return attested
    for (const { id, name, text } of policies) await insertPolicy(tx, { id, name, text }, attested.value.macOf(id))
    await record(policiesLaidDown({ policies: policies.map((p) => p.name) }), attested.value.attestations)
    return ok(policies.length)
  })
}
