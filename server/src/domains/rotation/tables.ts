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
    }
  }
}
