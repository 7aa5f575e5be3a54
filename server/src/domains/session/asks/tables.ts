import type { AskState } from '../../../keeper/facts/session-ask.ts'
import type { ShownAct } from './shown-act.ts'

declare module '../../../platform/db/tables.ts' {
  interface Tables {
    session_ask: {
      id: string
      session_id: string
      person_id: string
      account_id: string
      action: ShownAct['action']
      /** What is asked, as the keeper sealed it; null: it was asked before that was done, and its text is gone. */
      sealed: Buffer | null
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
