import type { JSONColumnType } from 'kysely'
import type { PolicyEdit } from '../../../keeper/facts/policy-change.ts'

declare module '../../../platform/db/tables.ts' {
  interface Tables {
    policy_change: {
      id: string
      changes: JSONColumnType<PolicyEdit[]>
      reason: string
      proposed_by: string
      proposed_at: Date
      state: 'proposed' | 'approved' | 'withdrawn'
      decided_by: string | null
      decided_at: Date | null
      revision: number
      mac: Buffer
    }
  }
}
