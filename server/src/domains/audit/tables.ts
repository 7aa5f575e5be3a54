import type { Generated } from 'kysely'

declare module '../../platform/db/tables.ts' {
  interface Tables {
    ledger_entry: { id: string; place: number | null; bytes: Buffer; origin: string; tag: Buffer; at: Generated<Date> }
    ledger_personal: { entry_id: string; field: string; value: string; salt: Buffer }
    ledger_checkpoint: { epoch: number; size: number; note: string; at: Generated<Date> }
    ledger_index: { place: number; also: number[] | null; at: Date; act: string; phase: string; by_id: string | null; words: string[] }
    ledger_tile: { level: number; number: number; root: Buffer; leaves: Buffer | null }
    open_look: { intent: string; node: Generated<string>; by_id: string | null; act: string; fields: unknown }
    ledger_sequencer: { one: Generated<boolean>; epoch: number; node: string | null; beat_at: Date }
  }
}
