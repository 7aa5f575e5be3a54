import type { Generated } from 'kysely'

declare module '../../../platform/db/tables.ts' {
  interface Tables {
    recording_words: {
      n: Generated<number>
      recording_id: string
      state: Generated<'waiting' | 'reading' | 'found' | 'failed' | 'forgotten'>
      tries: Generated<number>
      cut: Generated<boolean>
      looked_at: Generated<Date>
    }
    session_word: { token: string; at: number; n: number }
  }
}
