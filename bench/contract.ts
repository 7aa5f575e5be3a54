import type { Report } from './report.ts'

/** What a bench is told. */
export interface Bench {
  /** Fewer bytes and sessions, to see that it works; its numbers say little. */
  quick: boolean
  runs: number
  /** False for metrics that were not asked for. */
  wanted(metric: string): boolean
  /** What cannot be measured is said, and the others are measured all the same; the exit status tells that something is missing. */
  attempt(what: string, work: () => Promise<void>): Promise<void>
  /** What was started in process groups of its own is stopped by nobody else when the bench is ended by a signal. */
  closeWhenEnded(close: () => Promise<void>): void
  report: Report
}
