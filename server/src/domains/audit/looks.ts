import type { EntryId, PersonId } from '../../kernel/id.ts'
import type { Db, Tx } from '../../platform/db/open-db.ts'
import type { AuditEvent } from './event.ts'
import { insertLook, type OpenLook, openLooks, takeLook } from './look.store.ts'

export interface Look {
  begun: AuditEvent
  /** The outcome where `fn` came to none. No personal fields. */
  cutShort: AuditEvent
  by: PersonId | null
}

export interface Looks {
  run<T>(look: Look, fn: (intent: EntryId) => Promise<T>): Promise<T>
  /** Gives an outcome to looks that nobody has in hand any more: of this node from before, or of others that are silent. Says how many. */
  close(silent?: readonly string[]): Promise<number>
  /** In the transaction of an outcome: it has one now. */
  settled(tx: Tx, intent: EntryId): Promise<void>
}

type Write = (
  tx: Tx,
  event: AuditEvent,
  by: PersonId | null,
  how: { phase: 'intent' } | { phase: 'outcome'; intent: EntryId },
) => Promise<EntryId>

export function createLooks(db: Db, write: Write, signed: (entry: EntryId) => Promise<void>): Looks {
  /** In the hands of this process: each has a row in the database as well, for whoever comes after it. */
  const running = new Set<EntryId>()

  const close = async ({ intent, by, cutShort }: OpenLook): Promise<boolean> =>
    await db.transaction().execute(async (tx) => {
      if (!(await takeLook(tx, intent))) return false
      await write(tx, cutShort, by, { phase: 'outcome', intent })
      return true
    })

  return {
    async run({ begun, cutShort, by }, fn) {
      const intent = await db.transaction().execute(async (tx) => {
        const entry = await write(tx, begun, by, { phase: 'intent' })
        running.add(entry)
        await insertLook(tx, { intent: entry, by, cutShort })
        return entry
      })
      try {
        await signed(intent)
        return await fn(intent)
      } finally {
        // where the database is away now, its row stays, and is found when somebody looks for what is left
        await close({ intent, by, cutShort }).catch(() => undefined)
        running.delete(intent)
      }
    },
    async close(silent) {
      if (silent?.length === 0) return 0
      const left = await db.transaction().execute((tx) => openLooks(tx, silent))
      let closed = 0
      for (const look of left) if (!running.has(look.intent) && (await close(look))) closed += 1
      return closed
    },
    async settled(tx, intent) {
      if (running.has(intent)) await takeLook(tx, intent)
    },
  }
}
