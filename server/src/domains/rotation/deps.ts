import type { Keeper } from '../../keeper/client.ts'
import type { PersonId, TargetId } from '../../kernel/id.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { CredentialKind, OpenTarget, PinnedIdentity } from '../../targets/contract.ts'
import type { Audit } from '../audit/index.ts'
import type { Kinds } from '../inventory/index.ts'
import type { RotationRow, Trigger } from './rotation.store.ts'
import type { Together } from './together.ts'

/* What rotations work with, from one credential up to the orders. */

export interface RotateDeps {
  db: Db
  audit: Audit
  keeper: Keeper
  now: () => Date
}

export interface RotateAccountDeps extends RotateDeps {
  kinds: Kinds
}

export interface OrderDeps extends RotateAccountDeps {
  /** Milliseconds after the first failure; it doubles with each. */
  retryMs: number
}

export interface Rotated {
  target: { id: TargetId; open: OpenTarget; identity: PinnedIdentity }
  account: { id: RotationRow['account_id']; name: string }
  credential: CredentialKind
  /** People brought in something else that it logs in with, which nothing here replaces. */
  otherwise: boolean
  trigger: Trigger
  reason: string
  by: PersonId | null
  /** Who sets it on the target: the account that manages it, or its second way in. */
  as: 'manager' | 'reconciler'
  /** Others of the same target that are rotated at the same time. */
  together?: Together
}
