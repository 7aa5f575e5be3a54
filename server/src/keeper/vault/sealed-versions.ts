import type pg from 'pg'
import { currentOf, type VersionRow } from './vault.store.ts'

/** The sealed current credentials of accounts, many in one query. */
export interface SealedVersions {
  of(accounts: readonly string[]): Promise<ReadonlyMap<string, readonly VersionRow[]>>
  /** What was replaced is not given again. */
  forget(account: string): void
}

const mostKept = 100_000

/**
 * Sealed rows are kept for `keptMs`, never what is in them: opening takes the keys each time. Another server's rotation is seen after that time;
 * until then who reads gets what it replaced.
 */
export function createSealedVersions(pool: pg.Pool, keptMs: number): SealedVersions {
  const kept = new Map<string, { rows: readonly VersionRow[]; at: number }>()
  return {
    forget: (account) => void kept.delete(account),
    async of(accounts) {
      const now = performance.now()
      const found = new Map<string, readonly VersionRow[]>()
      for (const account of accounts) {
        const known = kept.get(account)
        if (known && now - known.at < keptMs) found.set(account, known.rows)
      }
      const missing = [...new Set(accounts)].filter((account) => !found.has(account))
      if (missing.length === 0) return found
      const rows = Map.groupBy(await currentOf(pool, missing), ({ owner_id }) => owner_id)
      if (kept.size + missing.length > mostKept) kept.clear()
      for (const account of missing) {
        const its = rows.get(account) ?? []
        found.set(account, its)
        if (keptMs > 0) kept.set(account, { rows: its, at: now })
      }
      return found
    },
  }
}
