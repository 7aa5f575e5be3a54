import type { AccountId, DependentId, TargetId } from '../../kernel/id.ts'
import type { CredentialKind } from '../../targets/contract.ts'

/** What is told, as its row says; the keeper says it again before it gives anything. */
export interface Telling {
  dependent: DependentId
  account: AccountId
  host: TargetId
  credential: CredentialKind
}
