import { ok, type Result } from '../../kernel/result.ts'
import type { KeeperContext } from '../context.ts'
import type { KeeperRefusal } from '../contract.ts'
import type { FactContent } from '../facts/fact.ts'
import { makePassword } from '../passwords/make-password.ts'
import { ruleOfAccount } from '../passwords/rule-of-account.ts'
import { breakGlassKey, putInBreakGlass } from './break-glass.ts'
import { newSshKey } from './generate.ts'
import { findVersion, type Owner, retireCandidate } from './vault.store.ts'

/**
 * A candidate for an account that is for emergencies: sealed to its location and in the escrow before it is offered to the target, and kept in
 * memory until the rotation ends. One of before that is not in memory any more is no loss: it stays where custodians open it, and the account that
 * manages the target sets another one, since nothing needs to be known about the current one for that.
 */
export async function prepareForBreakGlass(
  context: KeeperContext,
  { rotation, limits }: { rotation: string; limits?: Parameters<typeof ruleOfAccount>[2] },
  owner: Owner,
  account: FactContent,
): Promise<Result<{ version: number; public: string | null }, KeeperRefusal>> {
  const key = await breakGlassKey(context)
  if (!key.ok) return key
  const open = await findVersion(context.pool, owner, 'candidate')
  if (open) {
    const kept = context.candidates.copy(rotation, open.version)
    kept?.wipe()
    if (kept) return ok({ version: open.version, public: open.public })
    await retireCandidate(context.pool, owner, open.version)
  }
  const name = String(account.name)
  const rule = owner.what === 'password' ? await ruleOfAccount(context, account, limits) : undefined
  if (rule && !rule.ok) return rule
  const made = rule ? { secret: makePassword(rule.value, [name]), publicLine: null } : newSshKey(`claviger ${owner.id}`)
  const version = await putInBreakGlass(context, key.value, { owner, name, secret: made.secret, public: made.publicLine, rotation })
  context.candidates.keep(rotation, version, made.secret)
  return ok({ version, public: made.publicLine })
}
