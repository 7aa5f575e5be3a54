import { z } from 'zod'
import { parseDuration } from './kernel/duration.ts'
import type { Tier } from './kernel/tier.ts'

/** What sessions may do while something is away that they are recorded or decided by. */
export interface OutageSettings {
  /** Bytes of recordings that may lie here and not in the bucket yet. */
  spoolBytes: number
  /** Tiers whose running sessions end when that is used up; those of others go on while the disk has room. */
  spoolEnds: readonly Tier[]
  /** Milliseconds that a running session goes on without the database, by tier. */
  withoutDatabaseMs: readonly [number, number, number, number]
}

/** Critical and high: nobody may set more. */
const mostOfHigh = 60

export const outageVariables = {
  /** How much of recordings may wait here for the bucket, such as 500MiB or 20GiB. */
  CLAVIGER_RECORDING_SPOOL: z
    .string()
    .default('10GiB')
    .transform((text, context) => {
      const [, count, unit] = /^([1-9]\d{0,5})(MiB|GiB)$/.exec(text) ?? []
      if (count === undefined) context.addIssue('must be such as 500MiB or 20GiB')
      return Number(count ?? 0) * (unit === 'GiB' ? 2 ** 30 : 2 ** 20)
    }),
  /** Tiers whose running sessions end when that is used up, separated by commas; critical always do. */
  CLAVIGER_RECORDING_SPOOL_ENDS: z
    .string()
    .regex(/^[0-3](,[0-3]){0,3}$/, 'must be tiers such as 0,1')
    .default('0,1')
    .transform((text, context) => {
      const tiers = text.split(',').map((t) => Number(t) as Tier)
      if (!tiers.includes(0)) context.addIssue('must contain 0')
      return tiers
    }),
  /** How long a running session goes on without the database: of tier 0, 1, 2 and 3. */
  CLAVIGER_WITHOUT_DATABASE: z
    .string()
    .max(100)
    .default('60s,60s,15m,1h')
    .transform((text, context) => {
      const given = text.split(',').map((t) => parseDuration(t.trim()))
      const [critical, high, standard, low] = given
      const all = given.length === 4 && critical && high && standard && low
      if (!all) context.addIssue('must be four durations such as 60s,60s,15m,1h')
      else if (Math.max(critical, high) > mostOfHigh) context.addIssue('must be 60s at most for tiers 0 and 1')
      return [critical ?? 0, high ?? 0, standard ?? 0, low ?? 0].map((s) => s * 1000) as [number, number, number, number]
    }),
}

export const readOutage = (e: z.output<z.ZodObject<typeof outageVariables>>): OutageSettings => ({
  spoolBytes: e.CLAVIGER_RECORDING_SPOOL,
  spoolEnds: e.CLAVIGER_RECORDING_SPOOL_ENDS,
  withoutDatabaseMs: e.CLAVIGER_WITHOUT_DATABASE,
})
