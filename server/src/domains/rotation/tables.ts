import type { Generated } from 'kysely'

declare module '../../platform/db/tables.ts' {
  interface Tables {
    rotation: {
      id: string
      account_id: string
      credential: string
      trigger: string
      state: string
      attempt: number
      intent: string | null
      version: number
      reason: string
      started_at: Date
      verified_at: Date | null
      old_refused_at: Date | null
      finished_at: Date | null
      removed: Generated<string[]>
      error: string | null
      old_valid_until: Date | null
      old_checked_at: Date | null
    }
    account_care: {
      account_id: string
      rotated_at: Date
      verified_at: Date
      max_age_seconds: number | null
    }
    rotation_batch: {
      id: string
      reason: string
      ordered_by: string
      ordered_at: Date
    }
    rotation_batch_item: {
      batch_id: string
      order_id: string
      generation: number
    }
    rotation_order: {
      id: string
      account_id: string
      trigger: string
      reason: string
      ordered_by: string | null
      ordered_at: Date
      generation: Generated<number>
      state: Generated<string>
      failures: Generated<number>
      due_at: Date
      reconcile: Generated<boolean>
      tried_at: Date | null
      error: string | null
      finished_at: Date | null
    }
    credential_health: {
      account_id: string
      credential: string
      works_version: number | null
      worked_at: Date | null
      refused: Generated<number[]>
      refused_at: Date | null
      sent_version: number | null
    }
  }
}
