import type { Authority } from '../../keeper/contract.ts'
import type { PersonId } from '../../kernel/id.ts'
import { fail, type Result } from '../../kernel/result.ts'
import { addTarget, type NewTarget } from './add-target.ts'
import { addUnreachedTarget } from './add-unreached-target.ts'
import type { InventoryError } from './errors.ts'
import type { TargetRow } from './inventory.store.ts'

interface Given extends Pick<NewTarget, 'name' | 'kind' | 'environment' | 'tier' | 'scopes' | 'settings'> {
  identity?: NewTarget['identity'] | undefined
  login?: NewTarget['login'] | undefined
}

/** Adds a target as its kind asks for it: reached with identity and login, or not reached and without. */
export async function addGiven(
  deps: Parameters<typeof addTarget>[0],
  by: PersonId | null,
  authority: Authority,
  { identity, login, ...given }: Given,
): Promise<Result<TargetRow, InventoryError>> {
  const { kind } = given
  if (!deps.kinds.reaches(kind))
    return identity || login ? fail({ code: 'inventory.nothing_to_log_in', kind }) : await addUnreachedTarget(deps, by, authority, given)
  return identity && login
    ? await addTarget(deps, by, authority, { ...given, identity, login })
    : fail({ code: 'inventory.login_needed', kind })
}
