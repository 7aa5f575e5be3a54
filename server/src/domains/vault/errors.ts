import type { KeeperRefusal } from '../../keeper/contract.ts'
import { explainKeeper } from '../../keeper/explain-keeper.ts'
import { type ErrorOf, type Explained, explain, type Faces } from '../../kernel/errors.ts'
import { explainTargetFailure, type TargetFailure } from '../../targets/contract.ts'

interface VaultErrors {
  'vault.policy_unknown': { policy: string }
  'vault.policy_name_taken': { name: string }
  'vault.policy_same': object
  'vault.kind_unknown': { kind: string }
  'vault.target_unknown': { target: string }
  'vault.account_unknown': { account: string }
  'vault.code_needed': object
  'vault.destroyed_already': object
  'vault.reached': { target: string; certificates: boolean }
  'vault.not_found': { account: string; target: string }
  'vault.for_emergencies': { account: string }
  'vault.unreadable': { why: string }
  'vault.not_by_hand': { account: string; state: string }
  'vault.no_certificates': { kind: string }
  'vault.not_trusted': { target: string; why: string }
  'vault.trust_first': { account: string }
  'vault.reached_by_certificate': { target: string; accounts: readonly string[] }
  'vault.login_same': { login: 'certificate' | 'stored' }
  'vault.has_already': { account: string; kind: string }
  'vault.trusts_old_key': { target: string; version: number }
  'vault.ssh_rotating': object
  'vault.ssh_not_rotating': object
  'vault.not_a_host': { target: string }
  'vault.left_out_already': { target: string }
}
type OwnError = ErrorOf<VaultErrors>
export type VaultError = OwnError | TargetFailure | KeeperRefusal

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
    say: (e) =>
      `Claviger makes the credentials on ${e.target} itself${e.certificates ? ', but for certificates: one at a time (claviger credentials put --kind tls)' : ''}. Add a target of the kind "stored" for what it does not reach.`,
  },
  'vault.not_found': {
    http: 404,
    say: (e) => `No account ${e.account} was found on ${e.target}. Look there first: claviger targets discover ${e.target}`,
  },
  'vault.for_emergencies': {
    http: 409,
    say: (e) => `${e.account} is for emergencies: its certificate would lie where the server reads it. Bring it in for another account.`,
  },
  'vault.unreadable': { http: 422, say: (e) => e.why },
  'vault.has_already': {
    http: 409,
    say: (e) => `The vault has a ${e.kind} of ${e.account} already. Its next version: claviger credentials put.`,
  },
  'vault.not_by_hand': { http: 409, say: (e) => `${e.account} is ${e.state}: release it first (claviger accounts release).` },
  'vault.no_certificates': { http: 422, say: (e) => `Targets of the kind ${e.kind} let nobody in by SSH certificates.` },
  'vault.not_trusted': {
    http: 502,
    say: (e) =>
      `A login with a fresh certificate did not work (${e.why}), so the target does not trust the SSH authority. What is to be there: claviger ssh-ca show TARGET`,
  },
  'vault.trust_first': {
    http: 409,
    say: (e) => `The target of ${e.account} was not seen to trust the SSH authority. Have it do so first: claviger ssh-ca trust TARGET`,
  },
  'vault.reached_by_certificate': {
    http: 409,
    say: (e) =>
      `On ${e.target} these are reached by certificate: ${e.accounts.join(', ')}. Change that first: claviger accounts change ACCOUNT@${e.target} --login stored`,
  },
  'vault.login_same': {
    http: 409,
    say: (e) =>
      e.login === 'certificate'
        ? 'This account is reached by certificate already.'
        : 'This account is reached with what the vault keeps already.',
  },
  'vault.trusts_old_key': {
    http: 502,
    say: (e) =>
      `${e.target} still lets in by version ${e.version} of the SSH authority, so that key is named elsewhere in its sshd. Look at TrustedUserCAKeys there.`,
  },
  'vault.ssh_rotating': { http: 409, say: () => 'The SSH authority is being replaced already. How far that is: claviger ssh-ca' },
  'vault.ssh_not_rotating': { http: 409, say: () => 'The SSH authority is not being replaced. Begin with: claviger ssh-ca rotate' },
  'vault.not_a_host': { http: 404, say: (e) => `${e.target} was not seen to trust the SSH authority, so nothing waits for it.` },
  'vault.left_out_already': { http: 409, say: (e) => `${e.target} is left out already.` },
  'vault.code_needed': { http: 403, say: () => 'This needs a fresh code. Give the six digits that your authenticator shows now.' },
}

export function explainVault(error: VaultError): Explained {
  if (error.code in faces) return explain(faces, error as OwnError)
  return error.code.startsWith('target.') ? explainTargetFailure(error as TargetFailure) : explainKeeper(error as KeeperRefusal)
}
