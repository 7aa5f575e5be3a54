import { attest } from '../../keeper/attest-rows.ts'
import type { Keeper } from '../../keeper/client.ts'
import { activationWaits } from '../../keeper/facts/activation.ts'
import type { FactContent } from '../../keeper/facts/fact.ts'
import type { AccountId, PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { newId } from '../../platform/crypto/random.ts'
import { requestForActivation } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import { type ActivationRow, insertActivation, openOnAny } from './activation.store.ts'
import type { BreakglassError } from './errors.ts'
import { activationAsked } from './events.ts'

export interface AskActivationDeps {
  audit: Audit
  keeper: Keeper
  now: () => Date
}

export interface AskedFor {
  kind: 'emergency' | 'drill'
  accounts: AccountId[]
  reason: string
  seconds: number
}

/** The first of two people says that these accounts are needed now, or that it shall be rehearsed. Nothing opens yet. */
export async function askActivation(
  { audit, keeper, now }: AskActivationDeps,
  by: { person: PersonId; code: string },
  asked: AskedFor,
): Promise<Result<ActivationRow, BreakglassError>> {
  return await audit.act<ActivationRow, BreakglassError>(
    { act: 'breakglass.activate', by: by.person, about: { kind: asked.kind } },
    async ({ tx, record }) => {
      const other = await openOnAny(tx, asked.accounts)
      if (other) return fail({ code: 'breakglass.activation_open', activation: other })
      const status = await keeper.ask('status', {})
      if (!status.ok) return status
      const at = now()
      const row: ActivationRow = {
        ...{ id: newId('bga'), ...asked, requester_id: by.person, approver_id: null, state: 'waiting' as const },
        ...{ created_at: at, expires_at: new Date(at.getTime() + activationWaits * 1000), starts_at: null, ends_at: null },
        ...{ epoch: status.value.epoch, reviewer_id: null, review: null, revision: 1 },
      }
      const found = await rowsOf(keeper, asked.accounts)
      if (!found.ok) return found
      const { id, requester_id: requester, reason, seconds, created_at: createdAt, expires_at: expiresAt } = row
      const requests =
        asked.kind === 'drill'
          ? []
          : found.value.map(({ account, target }) =>
              requestForActivation({ id, requester, reason, seconds, createdAt, expiresAt }, account, target),
            )
      const attested = await attest(
        keeper,
        [{ kind: 'breakglass_activation', revision: 1, row: { ...row } }, ...requests.map((request) => request.row)],
        { by: 'stepUp', ...by },
      )
      if (!attested.ok) return attested
      await insertActivation(tx, row, attested.value.macOf(id))
      for (const request of requests) await request.store(tx, attested.value.macOf)
      await record(
        activationAsked({ activation: id, kind: row.kind, accounts: row.accounts, seconds, expiresAt: expiresAt.toISOString(), reason }),
        attested.value.attestations,
      )
      return ok(row)
    },
  )
}

async function rowsOf(
  keeper: Keeper,
  accounts: readonly AccountId[],
): Promise<Result<{ account: FactContent; target: FactContent }[], BreakglassError>> {
  const vouched = await keeper.ask('vouch', { rows: accounts.map((id) => ({ kind: 'account', id })) })
  if (!vouched.ok) return vouched
  const found = vouched.value.rows as FactContent[]
  const targets = await keeper.ask('vouch', { rows: found.map((account) => ({ kind: 'target', id: String(account.target_id) })) })
  if (!targets.ok) return targets
  return ok(found.map((account, i) => ({ account, target: targets.value.rows[i] as FactContent })))
}
