import type { Generated, JSONColumnType } from 'kysely'

declare module '../../platform/db/tables.ts' {
  interface Tables {
    target: {
      id: string
      name: string
      kind: string
      environment: string
      tier: number
      settings: JSONColumnType<Record<string, string | number | boolean>>
      identity: JSONColumnType<Record<string, string>>
      manager: string
      reconciler: string | null
      scopes: string[] | null
      created_at: Generated<Date>
      last_discovery: Date | null
      revision: number
      mac: Buffer
    }
    account: {
      id: string
      target_id: string
      name: string
      category: string
      tier: number
      privileges: string[]
      credentials: string[]
      authorised_keys: JSONColumnType<{ fingerprint: string; comment: string }[]>
      state: string
      check_out: 'exclusive' | null
      observed_since: Date | null
      break_glass: true | null
      login: 'certificate' | null
      found_at: Generated<Date>
      gone_at: Date | null
      revision: number
      mac: Buffer
    }
  }
}
