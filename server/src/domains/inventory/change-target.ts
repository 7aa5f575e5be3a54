import { attest } from '../../keeper/attest-rows.ts'
import type { Keeper } from '../../keeper/client.ts'
import type { Authority } from '../../keeper/contract.ts'
import type { GrantId, PersonId, RequestId, TargetId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Act, Audit } from '../audit/index.ts'
import type { InventoryError } from './errors.ts'
import { targetChanged } from './events.ts'
import { lockAccountsOf, lockTarget, type TargetRow, updateTarget } from './inventory.store.ts'
import type { Kinds } from './kinds.ts'

export type TargetChange = Partial<Pick<TargetRow, 'settings' | 'identity' | 'tier' | 'environment' | 'reconciler' | 'scopes'>>
export interface Voided {
  requests: RequestId[]
  grants: GrantId[]
}
/** Voids what was asked or granted on a target, in the same transaction. Given by the composition root: access knows how. */
export type WhenTargetChanges = (act: Act, target: TargetId, why: string) => Promise<Result<Voided, InventoryError>>

export interface ChangeTargetDeps {
  audit: Audit
  keeper: Keeper
  kinds: Kinds
  whenTargetChanges: WhenTargetChanges
}

/** Changes where a target is or who it must prove to be. Nobody's approval was for this target, so all of them are void. */
export async function changeTarget(
  deps: ChangeTargetDeps,
  by: PersonId,
  authority: Authority,
  id: TargetId,
  change: TargetChange,
): Promise<Result<{ target: TargetRow; voided: Voided }, InventoryError>> {
  const { audit, keeper, kinds } = deps
  return await audit.act<{ target: TargetRow; voided: Voided }, InventoryError>(
    { act: 'inventory.change_target', by, about: { target: id } },
    async (act) => {
      const before = await lockTarget(act.tx, id)
      if (!before) return fail({ code: 'inventory.target_unknown', target: id })
      const after: TargetRow = { ...before, ...change, settings: { ...before.settings, ...change.settings }, revision: before.revision + 1 }
      const changed = (['settings', 'identity', 'tier', 'environment', 'reconciler', 'scopes'] as const).filter(
        (k) => JSON.stringify(before[k]) !== JSON.stringify(after[k]),
      )
      if (changed.length === 0) return fail({ code: 'inventory.nothing_to_change' })
      const checked = kinds.check(after.kind, after.settings)
      if (!checked.ok) return checked
      if (changed.includes('reconciler') && after.reconciler !== null) {
        const second = (await lockAccountsOf(act.tx, id)).find((a) => a.name === after.reconciler)
        if (after.manager === '' || after.reconciler === after.manager || second?.state !== 'managed')
          return fail({ code: 'inventory.no_reconciler', account: after.reconciler, manager: after.manager })
      }
      const attested = await attest(keeper, [{ kind: 'target', revision: after.revision, row: { ...after } }], authority)
      if (!attested.ok) return attested
      const voided = await deps.whenTargetChanges(act, id, `the target's ${changed.join(' and ')} changed`)
      if (!voided.ok) return voided
      await updateTarget(act.tx, after, attested.value.macOf(id))
      const event = targetChanged({
        target: id,
        changed,
        address: checked.value.address,
        scopes: after.scopes,
        voidedRequests: voided.value.requests,
        voidedGrants: voided.value.grants,
      })
      await act.record(event, attested.value.attestations)
      return ok({ target: after, voided: voided.value })
    },
  )
}
