import type { Generated, JSONColumnType } from 'kysely'
import type { SessionTerms } from '../policy/index.ts'

export interface StoredObligations {
  approvals: number
  maxSeconds: number
  itsmTicket: boolean
  mfa: 'session' | 'fresh'
  reveal: 'never' | 'allowed'
  /** Absent where it was asked for before policies spoke of it, and under an activation. */
  session?: SessionTerms
  recorded: true
  because: string[]
}

declare module '../../platform/db/tables.ts' {
  interface Tables {
    access_request: {
      id: string
      requester_id: string
      account_id: string
      action: string
      reason: string
      itsm_ticket: string | null
      seconds: number
      obligations: JSONColumnType<StoredObligations>
      digest: string
      state: string
      void_reason: string | null
      created_at: Date
      expires_at: Date
      queued_at: Date | null
      extends_grant: string | null
      activation: string | null
      revision: number
      mac: Buffer
    }
    approval: {
      id: string
      request_id: string
      requester_id: string
      approver_id: string
      verdict: string
      digest: string
      factor_kind: string | null
      comment: string | null
      at: Date
      revision: number
      mac: Buffer
    }
    access_grant: {
      id: string
      request_id: string
      person_id: string
      account_id: string
      action: string
      starts_at: Date
      ends_at: Date
      state: string
      ended_at: Date | null
      end_reason: string | null
      chain_id: string
      epoch: number
      /** Never false: true, or nothing. */
      exclusive: boolean | null
      revision: number
      mac: Buffer
    }
    holding: {
      id: string
      account_id: string
      grant_id: string
      state: string
      seen: JSONColumnType<Record<string, number>>
      changed_at: Generated<Date>
      revision: number
      mac: Buffer
    }
    reveal: {
      id: string
      grant_id: string
      person_id: string
      account_id: string
      credential: string
      version: number
      at: Date
      intent: string | null
      state: Generated<string>
      revision: number
      mac: Buffer
    }
    policy: { id: string; name: string; text: string; state: 'active' | 'retired'; revision: number; mac: Buffer }
  }
}
