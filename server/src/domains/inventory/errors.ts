import type { KeeperRefusal } from '../../keeper/contract.ts'
import { explainKeeper } from '../../keeper/explain-keeper.ts'
import { type ErrorOf, type Explained, explain, type Faces } from '../../kernel/errors.ts'
import { explainTargetFailure, type TargetFailure } from '../../targets/contract.ts'

interface InventoryErrors {
  'inventory.kind_unknown': { kind: string; kinds: readonly string[] }
  'inventory.name_taken': { name: string }
  'inventory.target_unknown': { target: string }
  'inventory.account_unknown': { account: string }
  'inventory.manager_not_privileged': { account: string; found: readonly string[] }
  'inventory.cannot_discover': { kind: string }
  'inventory.code_needed': object
  'inventory.login_needed': { kind: string }
  'inventory.nothing_to_log_in': { kind: string }
  'inventory.nothing_to_change': object
  'inventory.taken_over': { account: string }
  'inventory.no_reconciler': { account: string; manager: string }
}
type OwnError = ErrorOf<InventoryErrors>
export type InventoryError = OwnError | TargetFailure | KeeperRefusal

const faces: Faces<InventoryErrors> = {
  'inventory.kind_unknown': { http: 422, say: (e) => `There is no kind of target "${e.kind}". Choose ${e.kinds.join(' or ')}.` },
  'inventory.name_taken': { http: 409, say: (e) => `There is a target ${e.name} already. Choose another name.` },
  'inventory.target_unknown': { http: 404, say: (e) => `There is no target ${e.target}, or you may not see it. See claviger targets.` },
  'inventory.account_unknown': { http: 404, say: (e) => `There is no account ${e.account}, or you may not see it. See claviger accounts.` },
  'inventory.manager_not_privileged': {
    http: 422,
    say: (e) =>
      `${e.account} cannot manage this target: discovery found ${e.found.join(', ') || 'no privileged account'}. Name one of these.`,
  },
  'inventory.cannot_discover': { http: 422, say: (e) => `Targets of kind ${e.kind} cannot be searched.` },
  'inventory.login_needed': {
    http: 422,
    say: (e) => `A target of the kind ${e.kind} takes the identity that it must prove, and the account that manages it.`,
  },
  'inventory.nothing_to_log_in': {
    http: 422,
    say: (e) =>
      `Claviger does not reach targets of the kind ${e.kind}: leave identity and login out. What it keeps for them is brought in afterwards.`,
  },
  'inventory.code_needed': { http: 403, say: () => 'This needs a fresh code. Give the six digits that your authenticator shows now.' },
  'inventory.no_reconciler': {
    http: 422,
    say: (e) =>
      `${e.account} cannot be the reconciler: it has to be another account of this target than ${e.manager}, and taken over (claviger rotate ${e.account}@TARGET).`,
  },
  'inventory.taken_over': {
    http: 409,
    say: (e) => `${e.account} was taken over already: it is replaced by age and after each use. Observe an account before that.`,
  },
  'inventory.nothing_to_change': { http: 422, say: () => 'Nothing would change. Say what shall be different.' },
}

export function explainInventory(error: InventoryError): Explained {
  if ('message' in error) return explainKeeper(error)
  return error.code.startsWith('target.') ? explainTargetFailure(error as TargetFailure) : explain(faces, error as OwnError)
}
