import type { CutReason, Refusal } from '../../gateways/contract.ts'
import type { Tier } from '../../kernel/tier.ts'

/*
 * What sessions may do while something is away that they are recorded or decided by: nothing new begins, and what runs ends by its tier.
 */

/** How it is now. */
export interface Outages {
  /** Milliseconds since the database answered last, when it does not; 0 while it does. */
  databaseAwayMs(): number
  /** So much of recordings waits for the bucket that no more may. */
  spoolFull(): boolean
}

export interface OutageRules {
  /** By tier. */
  withoutDatabaseMs: readonly [number, number, number, number]
  spoolEnds: readonly Tier[]
}

export const noOutages: Outages = { databaseAwayMs: () => 0, spoolFull: () => false }
/** As the settings are when nobody set them. */
export const usualOutageRules: OutageRules = { withoutDatabaseMs: [60_000, 60_000, 900_000, 3_600_000], spoolEnds: [0, 1] }

/** Why a running session of this tier ends now; undefined when it goes on. */
export function endsNow(tier: Tier, now: Outages, rules: OutageRules): CutReason | undefined {
  if (now.databaseAwayMs() >= rules.withoutDatabaseMs[tier]) return 'database_away'
  return now.spoolFull() && rules.spoolEnds.includes(tier) ? 'spool_full' : undefined
}

/** Why no session begins now, of whatever tier. The database needs no word here: without it nothing is decided. */
export const refusesNew = (now: Outages): Refusal | undefined =>
  now.spoolFull()
    ? {
        code: 'recording.spool_full',
        say: 'No session begins: recordings cannot be taken to their bucket, and no more may wait here. Ask the operator to look at the bucket (claviger controls).',
      }
    : undefined
