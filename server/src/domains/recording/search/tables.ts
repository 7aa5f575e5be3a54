import type { Generated } from 'kysely'

declare module '../../../platform/db/tables.ts' {
  interface Tables {
    recording_words: {
      recording_id: string
      n: number | null
      state: Generated<'waiting' | 'reading' | 'found' | 'failed' | 'forgotten'>
      tries: Generated<number>
      cut: Generated<boolean>
      looked_at: Generated<Date>
    }
    session_word: { token: string; at: number; n: number }
  }
}
