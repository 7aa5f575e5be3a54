import type { KeeperRefusal } from '../../keeper/contract.ts'
import { explainKeeper } from '../../keeper/explain-keeper.ts'
import { type ErrorOf, type Explained, explain, type Faces } from '../../kernel/errors.ts'
import { explainTargetFailure, type TargetFailure } from '../../targets/contract.ts'

interface DependentErrors {
  'dependents.unknown': { dependent: string }
  'dependents.account_unknown': { account: string }
  'dependents.host_unknown': { host: string }
  'dependents.no_host': { host: string; kind: string }
  'dependents.no_credential': { account: string; credential: string }
  'dependents.malformed': object
  'dependents.wrong_state': { state: string }
  'dependents.code_needed': object
  'dependents.busy': object
  'dependents.nothing_to_tell': object
}
type OwnError = ErrorOf<DependentErrors>
export type DependentError = OwnError | TargetFailure | KeeperRefusal

const faces: Faces<DependentErrors> = {
  'dependents.unknown': { http: 404, say: (e) => `There is no dependent ${e.dependent}, or you may not see it. See claviger dependents.` },
  'dependents.account_unknown': {
    http: 404,
    say: (e) => `There is no account ${e.account}, or you may not see it. See claviger accounts.`,
  },
  'dependents.host_unknown': {
    http: 422,
    say: (e) => `There is no target ${e.host}. A dependent lives on a target: add it first (claviger targets add).`,
  },
  'dependents.no_host': {
    http: 422,
    say: (e) => `Nothing can be told on ${e.host}, a target of kind ${e.kind}. A dependent lives on a host, such as one of kind linux-ssh.`,
  },
  'dependents.no_credential': {
    http: 422,
    say: (e) => `${e.account} has no ${e.credential} that could change. Discover its target again.`,
  },
  'dependents.malformed': {
    http: 422,
    say: () => 'What is done on the host is not said as it should be. Remove the dependent, and add it again.',
  },
  'dependents.wrong_state': { http: 409, say: (e) => `This dependent is ${e.state}. Look at it again: claviger dependents.` },
  'dependents.code_needed': { http: 403, say: () => 'This needs a fresh code. Give the six digits that your authenticator shows now.' },
  'dependents.busy': { http: 409, say: () => 'Something else is being done on that host. It is tried again by itself.' },
  'dependents.nothing_to_tell': {
    http: 409,
    say: () => 'The vault holds no credential of this account yet: there is nothing to tell. Take it over first: claviger rotate.',
  },
}

export function explainDependent(error: DependentError): Explained {
  if ('message' in error) return explainKeeper(error)
  return error.code.startsWith('target.') ? explainTargetFailure(error as TargetFailure) : explain(faces, error as OwnError)
}
