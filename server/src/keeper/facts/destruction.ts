/*
 * Terminology
 *
 * - destruction: the one row of an account that says which versions of its credentials are destroyed. Its id follows from the account's, so that the
 *   keeper knows from the ledger whether there is one: a row that somebody deletes or puts back is seen, and what is put back into the vault does not open
 * - ranges: versions, as pairs from and to, both included, in order, none touching the next
 */
import type { FactContent } from './fact.ts'

export type Ranges = readonly (readonly [from: number, to: number])[]

/** The id of an account's destruction: `dst_4f9k2m7q1x` of `acc_4f9k2m7q1x`. */
export const destructionOf = (account: string): string => `dst_${account.slice(account.indexOf('_') + 1)}`

/** The ranges of one credential, as the row says them. */
export const rangesIn = (row: FactContent | undefined, credential: string): Ranges =>
  (row?.gone as { [credential: string]: Ranges } | undefined)?.[credential] ?? []

export const isIn = (ranges: Ranges, version: number): boolean => ranges.some(([from, to]) => from <= version && version <= to)

/** These ranges with more versions in them. */
export function withVersions(ranges: Ranges, versions: readonly number[]): Ranges {
  const all = [...ranges, ...versions.map((v) => [v, v] as const)].sort((a, b) => a[0] - b[0])
  const joined: [number, number][] = []
  for (const [from, to] of all) {
    const last = joined.at(-1)
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to)
    else joined.push([from, to])
  }
  return joined
}

/** Versions that are in these ranges and were not in those. */
export const newIn = (after: Ranges, before: Ranges): number[] =>
  after.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i)).filter((v) => !isIn(before, v))
