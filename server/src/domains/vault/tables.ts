import type { Generated, JSONColumnType } from 'kysely'

declare module '../../platform/db/tables.ts' {
  interface Tables {
    destruction: {
      id: string
      account_id: string
      gone: JSONColumnType<Record<string, [number, number][]>>
      changed_at: Generated<Date>
      revision: number
      mac: Buffer
    }
    ssh_trust: {
      id: string
      target_id: string
      versions: number[]
      by_hand: boolean
      state: string
      revision: number
      mac: Buffer
      seen_at: Date
      tries: Generated<number>
      next_try: Date | null
      why: string | null
    }
    ssh_rotation: {
      id: string
      step: string
      old_version: number
      new_version: number
      left_out: JSONColumnType<{ target: string; reason: string; by: string }[]>
      begun_by: string
      revision: number
      mac: Buffer
      begun_at: Generated<Date>
      changed_at: Generated<Date>
    }
    deposit: {
      id: string
      account_id: string
      person_id: string
      credential: string
      version: number
      at: Date
      intent: string | null
      state: string
      batch_id: string | null
      revision: number
      mac: Buffer
    }
    deposit_batch: {
      id: string
      source: string
      begun_by: string
      begun_at: Date
      entries: number
      known: Generated<number>
    }
    version_policy: {
      id: string
      keep: number
      days: number
      state: string
      revision: number
      mac: Buffer
    }
    password_policy: {
      id: string
      name: string
      tier: number | null
      kind: string | null
      target_id: string | null
      length: number
      classes: string[]
      excluded: string
      exception: string | null
      max_age_days: number | null
      state: string
      revision: number
      mac: Buffer
    }
  }
}
