import type { Generated } from 'kysely'

declare module '../../platform/db/tables.ts' {
  interface Tables {
    person: {
      id: string
      name: string
      display_name: string
      groups: string[]
      state: string
      introduced_by: string | null
      created_at: Generated<Date>
      revision: number
      mac: Buffer
    }
    factor: {
      id: string
      person_id: string
      kind: string
      verifier: string
      state: string
      created_at: Generated<Date>
      revision: number
      mac: Buffer
    }
    /** A view: what a verifier begins with, for gateways. */
    password_opening: { name: string; person_id: string; opening: string | null }
    ssh_key: {
      id: string
      person_id: string
      label: string
      algorithm: string
      public_key: string
      fingerprint: string
      state: string
      created_at: Generated<Date>
      revision: number
      mac: Buffer
    }
    passkey: {
      id: string
      person_id: string
      label: string
      credential_id: string
      algorithm: string
      public_key: string
      rp_id: string
      state: string
      created_at: Generated<Date>
      revision: number
      mac: Buffer
    }
    sign_in: {
      id: string
      person_id: string
      token_hash: Buffer
      kind: string
      presence: string
      source: string
      created_at: Date
      last_seen_at: Date
      expires_at: Date
      ended_at: Date | null
    }
    sign_in_challenge: { token_hash: Buffer; person_id: string; expires_at: Date; used_at: Date | null }
    sign_in_failures: { name: string; failures: number; locked_until: Date | null; last_at: Date }
  }
}
