import type { Generated, JSONColumnType } from 'kysely'
import type { Place } from '../../keeper/facts/retention.ts'
import type { Ordered } from '../../keeper/facts/session-order.ts'

declare module '../../platform/db/tables.ts' {
  interface Tables {
    session: {
      id: string
      grant_id: string
      person_id: string
      account_id: string
      door: string
      kind: string
      command: string | null
      source: string
      recording_id: string
      header_hash: string
      opened_at: Date
      intent: string | null
      /** Set by the connection of the gateway that carries it (claviger.node). */
      node: Generated<string | null>
      state: string
      ended_at: Date | null
      end_reason: string | null
      exit_status: number | null
      database_name: string | null
      /** What it was opened on, as the class that keeps its recording is found by. */
      kept_as: JSONColumnType<Place> | null
      way: Generated<string>
      /** As its gateway keeps it, for those who look. */
      ends_at: Generated<Date | null>
      idle_seconds: Generated<number | null>
      finish_seconds: Generated<number | null>
      supervised: Generated<boolean>
      unobserved: Generated<boolean>
      revision: number
      mac: Buffer
    }
    recording: {
      id: string
      session_id: string
      file: string
      state: string
      chunks: number
      bytes: number
      head: string
      seconds: number
      manifest: string | null
      signature: Buffer | null
      updated_at: Generated<Date>
      /** The bucket that has it; null while it lies in a folder. */
      stored_in: Generated<string | null>
      stored_at: Generated<Date | null>
    }
    session_forward: {
      session_id: string
      n: number
      direction: 'local' | 'remote'
      host: string
      port: number
      source: string
      opened_at: Date
      ended_at: Date | null
      sent: number | null
      received: number | null
      outcome: 'closed' | 'failed' | 'cut' | null
      message: string | null
    }
    recording_destruction: {
      id: string
      recording_id: string
      session_id: string
      class: string
      kept_until: Date
      at: Date
      state: 'ordered' | 'withdrawn'
      revision: number
      mac: Buffer
      intent: string | null
      bytes: Generated<number>
      keys_at: Date | null
      removed_at: Date | null
    }
    session_watch: {
      id: string
      session_id: string
      by_person: string
      kind: 'announced' | 'covert'
      state: Generated<'open' | 'too_slow' | 'over'>
      proof: Generated<Buffer | null>
      seen_at: Generated<Date>
    }
    session_live: { watch_id: string; n: number; block: Buffer }
    session_order: {
      id: string
      session_id: string
      what: Ordered
      words: string
      by_person: string
      at: Date
      outcome: 'done' | 'not_shown' | 'refused' | 'late' | null
      revision: number
      mac: Buffer
    }
  }
}
