import type { Audit, LedgerIndex } from '../../domains/audit/index.ts'
import type { Kinds } from '../../domains/inventory/index.ts'
import type { Keeper } from '../../keeper/client.ts'
import type { SteadyClock } from '../../kernel/steady-clock.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { Jobs } from '../../platform/jobs/jobs.ts'
import type { Bucket } from '../../platform/object-store/index.ts'
import type { ApiConfig } from '../part-config.ts'

/** What everything in the api's process stands on, opened once. */
export interface Ground {
  config: ApiConfig
  db: Db
  keeper: Keeper
  audit: Audit
  index: LedgerIndex
  kinds: Kinds
  clock: SteadyClock
  jobs: Jobs
  bucket: Bucket | undefined
  log: (line: string) => void
}

/** What runs while the seal is open, as far as others have to tell it something. Empty while it is closed. */
export interface Running {
  expiry?: { changed(grant: string): void; sinceLook(): number }
  rotating?: { sinceLook(): number; look(): void }
  replacing?: { look(): void }
  words?: { ended(): void }
  /** The gateways' host key, as of when the seal was opened last. */
  hostKey: string
}
