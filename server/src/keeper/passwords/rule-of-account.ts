import type { Result } from '../../kernel/result.ts'
import type { KeeperContext } from '../context.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { FactContent } from '../facts/fact.ts'
import { type PasswordLimits, type PasswordRule, ruleFor } from './rule.ts'

/** What passwords of an account have to be, from attested rows alone and what the kind of its target can take. */
export async function ruleOfAccount(
  context: Pick<KeeperContext, 'facts' | 'passwordPolicies'>,
  account: FactContent,
  limits: PasswordLimits | undefined,
): Promise<Result<PasswordRule, KeeperRefusal>> {
  const policies = await context.passwordPolicies()
  if (!policies.ok) return policies
  const target = String(account.target_id)
  // without any policy nothing about the target is asked
  if (policies.value.length === 0) return ruleFor([], { tier: Number(account.tier), kind: '', target }, limits)
  const row = await context.facts.read('target', target)
  if (!row.ok) return row
  return ruleFor(policies.value, { tier: Number(account.tier), kind: String(row.value.content.kind), target }, limits)
}
