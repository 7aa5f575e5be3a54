import type { audit } from '@claviger/api'

/** What the address of this page says after its `?`. */
export interface LedgerSearch {
  search?: string | undefined
  act?: string | undefined
  phase?: audit.Entry['phase'] | undefined
  by?: string | undefined
  about?: string | undefined
  /** Days, as 2026-03-04. */
  from?: string | undefined
  to?: string | undefined
}

export interface CheckpointsSearch {
  /** Sizes of the checkpoints that are compared; the newest where `to` is left out. */
  from?: number | undefined
  to?: number | undefined
}
