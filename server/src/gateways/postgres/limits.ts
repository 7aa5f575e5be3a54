import { type SqlLimits, sqlLimits } from '../door/sql/limits.ts'

/** What bounds one PostgreSQL door. Every number has a default, and an operator may choose a stricter one. */
export interface Limits extends SqlLimits {
  /** Cancels that are on their way to targets at the same time; beyond it they are dropped. */
  cancels: number
}

export const defaultLimits: Limits = { ...sqlLimits, cancels: 20 }
