import { type DoorLimits, doorLimits } from '../limits.ts'

/** What bounds one door of databases. */
export type SqlLimits = DoorLimits

// a pool opens many at once
export const sqlLimits: SqlLimits = { ...doorLimits, unauthenticatedPerAddress: 50 }
