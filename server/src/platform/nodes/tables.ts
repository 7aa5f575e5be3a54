import type { Generated } from 'kysely'

declare module '../db/tables.ts' {
  interface Tables {
    node_part: {
      node: string
      part: 'api' | 'gateway'
      name: string
      version: string
      started_at: Generated<Date>
      seen_at: Generated<Date>
      keeper_epoch: number | null
      keeper_size: number | null
    }
  }
}
