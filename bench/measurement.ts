/** One measured metric: a line of `npm run bench -- NAME --json`. */
export interface Measurement {
  metric: string
  /** The median of ours. */
  value: number
  unit: string
  /** What it is compared with; null where there is nothing to compare with. */
  anchor: string | null
  /** The median of the anchor, in the same unit. */
  anchor_value: number | null
  /** Always ours / anchor, also where lower is better. */
  ratio: number | null
  better: 'higher' | 'lower'
  /** How many times each side was measured, ours and the anchor in turn. */
  runs: number
}

export interface Sides {
  ours: readonly number[]
  /** As many as ours, or null. */
  anchor: readonly number[] | null
}

export interface About {
  metric: string
  unit: string
  anchor: string | null
  better: 'higher' | 'lower'
}

/** The middle value; the mean of the two in the middle where their number is even. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error('no values, no median')
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] as number
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2
}

/** The value below which so many of a hundred lie. */
export function percentile(values: readonly number[], percent: number): number {
  if (values.length === 0) throw new Error('no values, no percentile')
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)] as number
}

export const fewestRuns = 5

/** Sums up what both sides measured in turn. The ratio is that of the two medians. */
export function measured({ metric, unit, anchor, better }: About, { ours, anchor: theirs }: Sides): Measurement {
  if (ours.length < fewestRuns) throw new Error(`${metric}: ${ours.length} runs are no measurement`)
  if (theirs && theirs.length !== ours.length) throw new Error(`${metric}: the anchor has ${theirs.length} runs and ours ${ours.length}`)
  const value = median(ours)
  const anchor_value = theirs ? median(theirs) : null
  if (![...ours, ...(theirs ?? [])].every(Number.isFinite)) throw new Error(`${metric}: a run has no number`)
  const ratio = anchor_value ? round(value / anchor_value) : null
  return {
    ...{ metric, value: round(value), unit, anchor, anchor_value: anchor_value === null ? null : round(anchor_value) },
    ...{ ratio, better, runs: ours.length },
  }
}

/** Four significant digits: more would be noise. */
const round = (value: number): number => Number(value.toPrecision(4))
