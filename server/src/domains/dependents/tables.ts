import type { Generated, JSONColumnType } from 'kysely'
import type { TellHow } from '../../targets/contract.ts'

declare module '../../platform/db/tables.ts' {
  interface Tables {
    dependent: {
      id: string
      account_id: string
      credential: string
      host_id: string
      settings: JSONColumnType<TellHow>
      state: string
      introduced_by: string
      created_at: Generated<Date>
      revision: number
      mac: Buffer
    }
    dependent_news: {
      dependent_id: string
      version: number
      state: Generated<string>
      told_version: number | null
      told_at: Date | null
      changed: boolean | null
      failures: Generated<number>
      ordered_at: Date
      due_at: Date
      tried_at: Date | null
      error: string | null
      intent: string | null
    }
  }
}
