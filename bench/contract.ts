import type { Report } from './report.ts'

/** What a bench is told. */
export interface Bench {
  /** Fewer bytes and sessions, to see that it works; its numbers say little. */
  quick: boolean
  runs: number
  /** False for metrics that were not asked for. */
  wanted(metric: string): boolean
  report: Report
}
