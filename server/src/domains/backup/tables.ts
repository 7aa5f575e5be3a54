import type { Generated } from 'kysely'

declare module '../../platform/db/tables.ts' {
  interface Tables {
    backup: {
      id: string
      node: string
      state: Generated<string>
      begun_at: Date
      begun_by: string | null
      intent: string
      recipients: string[]
      recordings: boolean
      ended_at: Date | null
      file: string | null
      bytes: number | null
      sha256: string | null
      taken_at: Date | null
      entries: number | null
      checked_at: Date | null
      unchecked: string | null
      error: string | null
    }
  }
}
