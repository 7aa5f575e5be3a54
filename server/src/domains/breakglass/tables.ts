import type { Generated, JSONColumnType } from 'kysely'

declare module '../../platform/db/tables.ts' {
  interface Tables {
    breakglass_key: {
      id: string
      recipient: string
      threshold: number
      custodians: JSONColumnType<{ name: string; key: string; share: string }[]>
      state: string
      introduced_by: string
      created_at: Generated<Date>
      revision: number
      mac: Buffer
    }
    breakglass_activation: {
      id: string
      kind: string
      accounts: string[]
      requester_id: string
      approver_id: string | null
      reason: string
      seconds: number
      state: string
      created_at: Date
      expires_at: Date
      starts_at: Date | null
      ends_at: Date | null
      epoch: number
      reviewer_id: string | null
      review: string | null
      ended_at: Date | null
      end_reason: string | null
      steps: JSONColumnType<{ step: string; ok: boolean; detail: string; seconds: number }[]> | null
      revision: number
      mac: Buffer
    }
    breakglass_kit: {
      id: string
      key_id: string
      made_by: string | null
      made_at: Date
      contents: JSONColumnType<{ account: string; credential: string; version: number }[]>
      file: string
      stale_at: Date | null
    }
    breakglass_recording: {
      id: string
      kit_id: string
      account_id: string
      custodians: string[]
      started_at: Date
      adopted_at: Date
      adopted_by: string
      whole: boolean
      pieces: number
      sha256: string
      lines: string
    }
    breakglass_watch: { account_id: string; since: Date }
    breakglass_login: { account_id: string; address: string; program: string; began_at: Date; seen_at: Date }
    breakglass_upload: {
      id: string
      person_id: string
      begun_at: Date
      lines: string
    }
  }
}
