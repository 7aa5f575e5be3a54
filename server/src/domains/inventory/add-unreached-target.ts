import { attest } from '../../keeper/attest-rows.ts'
import type { Keeper } from '../../keeper/client.ts'
import type { Authority } from '../../keeper/contract.ts'
import type { PersonId } from '../../kernel/id.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { newId } from '../../platform/crypto/random.ts'
import type { Audit } from '../audit/index.ts'
import type { NewTarget } from './add-target.ts'
import type { InventoryError } from './errors.ts'
import { targetAdded } from './events.ts'
import { insertTarget, type TargetRow, targetNamed } from './inventory.store.ts'
import type { Kinds } from './kinds.ts'

/** Adds a target that Claviger does not reach: nobody proves anything, and no account manages it. Its accounts come with their first credential. */
export async function addUnreachedTarget(
  { audit, keeper, kinds }: { audit: Audit; keeper: Keeper; kinds: Kinds },
  by: PersonId | null,
  authority: Authority,
  given: Omit<NewTarget, 'identity' | 'login'>,
): Promise<Result<TargetRow, InventoryError>> {
  const checked = kinds.check(given.kind, given.settings)
  if (!checked.ok) return checked
  const { name, kind, tier, environment } = given
  const target: TargetRow = {
    id: newId('tgt'),
    ...given,
    scopes: given.scopes ?? null,
    identity: {},
    manager: '',
    reconciler: null,
    revision: 1,
  }
  return await audit.act<TargetRow, InventoryError>({ act: 'inventory.add_target', by, about: { name } }, async ({ tx, record }) => {
    if (await targetNamed(tx, name)) return fail({ code: 'inventory.name_taken', name })
    const attested = await attest(keeper, [{ kind: 'target', revision: 1, row: { ...target } }], authority)
    if (!attested.ok) return attested
    const { macOf, attestations } = attested.value
    await insertTarget(tx, target, macOf(target.id))
    const { address } = checked.value
    await record(
      targetAdded({ ...{ target: target.id, name, kind, tier, environment, scopes: target.scopes }, identity: {}, address, accounts: [] }),
      attestations,
    )
    return ok(target)
  })
}
