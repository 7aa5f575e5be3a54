import type { KeeperRefusal } from '../../keeper/contract.ts'
import { explainKeeper } from '../../keeper/explain-keeper.ts'
import { type ErrorOf, type Explained, explain, type Faces } from '../../kernel/errors.ts'

interface VaultErrors {
  'vault.policy_unknown': { policy: string }
  'vault.policy_name_taken': { name: string }
  'vault.policy_same': object
  'vault.kind_unknown': { kind: string }
  'vault.target_unknown': { target: string }
  'vault.account_unknown': { account: string }
  'vault.code_needed': object
  'vault.destroyed_already': object
  'vault.reached': { target: string }
  'vault.unreadable': { why: string }
  'vault.not_by_hand': { account: string; state: string }
}
type OwnError = ErrorOf<VaultErrors>
export type VaultError = OwnError | KeeperRefusal

const faces: Faces<VaultErrors> = {
  'vault.policy_unknown': { http: 404, say: (e) => `There is no password policy ${e.policy}. See claviger passwords policy.` },
  'vault.policy_name_taken': { http: 409, say: (e) => `There is a password policy ${e.name} already. Choose another name.` },
  'vault.policy_same': { http: 422, say: () => 'Nothing would change. Say what shall be different.' },
  'vault.kind_unknown': { http: 422, say: (e) => `There is no kind of target "${e.kind}". See claviger targets kinds.` },
  'vault.target_unknown': { http: 404, say: (e) => `There is no target ${e.target}. See claviger targets.` },
  'vault.account_unknown': { http: 404, say: (e) => `There is no account ${e.account}. See claviger accounts.` },
  'vault.destroyed_already': { http: 409, say: () => 'All of these were destroyed before. See claviger accounts show.' },
  'vault.reached': {
    http: 422,
    say: (e) => `Claviger makes the credentials on ${e.target} itself. Add a target of the kind "stored" for what it does not reach.`,
  },
  'vault.unreadable': { http: 422, say: (e) => e.why },
  'vault.not_by_hand': { http: 409, say: (e) => `${e.account} is ${e.state}: release it first (claviger accounts release).` },
  'vault.code_needed': { http: 403, say: () => 'This needs a fresh code. Give the six digits that your authenticator shows now.' },
}

export function explainVault(error: VaultError): Explained {
  return error.code in faces ? explain(faces, error as OwnError) : explainKeeper(error as KeeperRefusal)
}
