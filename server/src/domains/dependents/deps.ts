import type { Keeper } from '../../keeper/client.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { Audit } from '../audit/index.ts'
import type { Kinds } from '../inventory/index.ts'

export interface DependentDeps {
  db: Db
  audit: Audit
  keeper: Keeper
  kinds: Kinds
  now: () => Date
  /** Milliseconds after the first failure; it doubles with each. */
  retryMs: number
}
