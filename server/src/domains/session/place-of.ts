import type { Keeper } from '../../keeper/client.ts'
import type { KeeperRefusal } from '../../keeper/contract.ts'
import type { Place } from '../../keeper/facts/retention.ts'
import { ok, type Result } from '../../kernel/result.ts'

type Row = Readonly<Record<string, unknown>>

/** What a session with this account is on, as attested: of account and target the more critical tier. The keeper asks the same. */
export async function placeOf(keeper: Keeper, accountId: string): Promise<Result<Place, KeeperRefusal>> {
  const accounts = await keeper.ask('vouch', { rows: [{ kind: 'account', id: accountId }] })
  if (!accounts.ok) return accounts
  const account = accounts.value.rows[0] as Row
  const targets = await keeper.ask('vouch', { rows: [{ kind: 'target', id: String(account.target_id) }] })
  if (!targets.ok) return targets
  const { id, kind, environment, tier } = targets.value.rows[0] as Row
  return ok({
    target: String(id),
    kind: String(kind),
    environment: String(environment),
    tier: Math.min(Number(account.tier), Number(tier)),
  })
}
