import type { JSONColumnType } from 'kysely'
import type { AskState } from '../../../keeper/facts/session-ask.ts'
import type { ShownAct } from './shown-act.ts'

declare module '../../../platform/db/tables.ts' {
  interface Tables {
    session_ask: {
      id: string
      session_id: string
      person_id: string
      account_id: string
      act: JSONColumnType<ShownAct>
      digest: string
      asked_at: Date
      expires_at: Date
      state: AskState
      decided_by: string | null
      decided_at: Date | null
      comment: string | null
      why: string | null
      revision: number
      mac: Buffer
    }
  }
}
