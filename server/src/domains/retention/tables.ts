import type { Generated, JSONColumnType } from 'kysely'
import type { Anchor, Hold, Term } from '../../keeper/facts/retention.ts'

declare module '../../platform/db/tables.ts' {
  interface Tables {
    retention_class: {
      id: string
      name: string
      anchor: Anchor
      terms: JSONColumnType<Term[]>
      changed_at: Generated<Date>
      revision: number
      mac: Buffer
    }
    retention_anchor: {
      id: string
      anchor: 'account_removed' | 'relationship_ended'
      subject_id: string
      closed_at: Date
      closed_by: string
      reason: string
      state: 'closed' | 'open'
      revision: number
      mac: Buffer
    }
    legal_hold: {
      id: string
      subject_kind: Hold['kind']
      subject_id: string
      case_number: string
      reason: string
      placed_by: string
      placed_at: Date
      state: 'placed' | 'lifted'
      lifted_by: string | null
      lifted_at: Date | null
      lift_reason: string | null
      revision: number
      mac: Buffer
    }
  }
}
