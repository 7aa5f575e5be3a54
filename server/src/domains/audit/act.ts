import type { Keeper } from '../../keeper/client.ts'
import { passkeyAsked } from '../../keeper/contract.ts'
import type { Attestation } from '../../keeper/facts/fact.ts'
import { entryTag, type Phase, writeEntry } from '../../keeper/ledger/entry.ts'
import type { EntryId, PersonId } from '../../kernel/id.ts'
import { fail, type Result } from '../../kernel/result.ts'
import { newId } from '../../platform/crypto/random.ts'
import type { Db, Tx } from '../../platform/db/open-db.ts'
import type { AuditEvent } from './event.ts'
import { insertEntries, insertPersonal } from './ledger.store.ts'
import { createLooks, type Look } from './looks.ts'
import type { Sequencer } from './sequencer.ts'

export interface RecordOptions {
  phase?: Phase
  /** The intent that this is the outcome of. */
  intent?: EntryId
  /** Who, when it is not who acts. */
  by?: PersonId | null
}

/** One of several entries of an act. */
export interface ToRecord extends RecordOptions {
  event: AuditEvent
}

/** One act inside the database: its rows and its entries are one transaction. */
export interface Act {
  tx: Tx
  record(event: AuditEvent, attestations?: readonly Attestation[], options?: RecordOptions): Promise<EntryId>
  /** The same for several that attest nothing, in their order. */
  recordAll(all: readonly ToRecord[]): Promise<EntryId[]>
}

export interface What {
  /** The name under which a refusal is recorded: `access.approve`. */
  act: string
  by: PersonId | null
  /** Ids that a refusal names. */
  about?: Readonly<Record<string, string>>
}

/** One of many entries that are written together. */
export interface Many {
  event: AuditEvent
  by: PersonId | null
}

export interface Audit {
  /**
   * Runs `fn` in one transaction together with its entries; answers only when they are sequenced and signed.
   * A refusal rolls back and is recorded (phase `refused`) in a transaction of its own.
   */
  act<T, E extends { code: string }>(what: What, fn: (act: Act) => Promise<Result<T, E>>): Promise<Result<T, E>>
  /** Records one event that is no change in the database: an intent, an outcome, an attempt. Answers when it is sequenced and signed. */
  note(event: AuditEvent, by: PersonId | null, options?: RecordOptions): Promise<EntryId>
  /** The same for many at once, in one statement; what each releases may go when this answers. Events without personal fields only. */
  noteMany(all: readonly Many[]): Promise<EntryId[]>
  /** The same, without waiting: for outcomes and attempts that release nothing. */
  noteLater(event: AuditEvent, by: PersonId | null, options?: RecordOptions): Promise<EntryId>
  /** The same in a transaction of the caller's: what it changes and the entry are there together, or neither. */
  noteIn(tx: Tx, event: AuditEvent, by: PersonId | null, options?: RecordOptions): Promise<EntryId>
  /**
   * An act that looks at something outside and changes nothing there: its intent, sequenced, and then `fn`, which records the outcome. Where
   * it recorded none, because it failed, was refused or the process died, `cutShort` is the outcome: no intent stays open.
   */
  look<T>(look: Look, fn: (intent: EntryId) => Promise<T>): Promise<T>
  /** Closes looks of this node that an earlier process left open, or those of `silent` nodes. Says how many. */
  closeLooks(silent?: readonly string[]): Promise<number>
}

/** The ledger did not take an entry: whatever waited for it is not given out. */
export class NotSequenced extends Error {}

export interface ActsDeps {
  db: Db
  keeper: Keeper
  now: () => Date
  /** Where the sequencer is in this process: told when something waits for its place in the ledger. */
  arrived?: () => void
  /** And where many entries go at once. */
  bring?: Sequencer['bring']
}

export function createActs(deps: ActsDeps): Audit {
  const { db, keeper, now } = deps

  const writer =
    (tx: Tx, by: PersonId | null, written: EntryId[]) =>
    async (all: readonly (ToRecord & { attests?: readonly Attestation[] })[]): Promise<EntryId[]> => {
      const at = now()
      const entries = all.map(({ event, attests = [], phase = 'done', intent = null, by: own }) => {
        const id = newId('ent')
        const who = own === undefined ? by : own
        const entry = writeEntry({
          id,
          at,
          act: event.act,
          phase,
          by: who,
          fields: event.fields,
          personal: event.personal,
          attests,
          intent,
        })
        return { id, bytes: entry.bytes, origin: keeper.origin, tag: entryTag(keeper.keys().entry, entry.bytes), personal: entry.personal }
      })
      await insertEntries(tx, entries)
      await insertPersonal(tx, entries)
      for (const { phase, intent } of all) if (phase === 'outcome' && intent) await looks.settled(tx, intent)
      const ids = entries.map(({ id }) => id)
      written.push(...ids)
      return ids
    }
  const writeOne = async (tx: Tx, by: PersonId | null, event: AuditEvent, options: RecordOptions = {}): Promise<EntryId> => {
    const [id] = await writer(tx, by, [])([{ event, ...options }])
    if (!id) throw new Error('an entry was not written')
    return id
  }

  const settled = async (written: readonly EntryId[]): Promise<void> => {
    const last = written.at(-1)
    if (!last) return
    deps.arrived?.()
    const signed = await keeper.ask('signed', { entry: last })
    if (!signed.ok) throw new NotSequenced(signed.error.message)
  }

  const noteLater: Audit['noteLater'] = async (event, by, options) =>
    await db.transaction().execute(async (tx) => await writeOne(tx, by, event, options))

  const looks = createLooks(
    db,
    (tx, event, by, how) => writeOne(tx, by, event, how),
    (entry) => settled([entry]),
  )

  return {
    noteLater,
    noteIn: (tx, event, by, options) => writeOne(tx, by, event, options),
    look: looks.run,
    closeLooks: looks.close,
    async noteMany(all) {
      const at = now()
      const entries = all.map(({ event, by }) => {
        if (Object.keys(event.personal).length > 0) throw new Error(`${event.act} has personal fields: note it alone`)
        const id = newId('ent')
        const { bytes } = writeEntry({ ...event, id, at, phase: 'done', by, attests: [], intent: null })
        return { id, bytes, origin: keeper.origin, tag: entryTag(keeper.keys().entry, bytes) }
      })
      const ids = entries.map(({ id }) => id)
      const how = (await deps.bring?.(entries)) ?? 'elsewhere'
      if (how === 'signed') return ids
      if (how === 'elsewhere') await insertEntries(db, entries)
      await settled(ids)
      return ids
    },
    async note(event, by, options) {
      const id = await noteLater(event, by, options)
      await settled([id])
      return id
    },
    async act(what, fn) {
      const written: EntryId[] = []
      const result = await rollingBack(db, (tx) => {
        const recordAll = writer(tx, what.by, written)
        const record: Act['record'] = async (event, attests = [], options = {}) => {
          const [id] = await recordAll([{ event, attests, ...options }])
          if (!id) throw new Error('an entry was not written')
          return id
        }
        return fn({ tx, record, recordAll })
      })
      if (result.ok) {
        await settled(written)
        return result
      }
      // nothing was decided: a passkey is asked, and the same comes again with its answer
      if (result.error.code === passkeyAsked) return result
      await noteLater({ act: what.act, fields: { ...what.about, code: result.error.code }, personal: {} }, what.by, { phase: 'refused' })
      return result
    },
  }
}

/** Runs a transaction that a refusal rolls back. Kysely rolls back on throw, so the refusal travels in one. */
async function rollingBack<T, E>(db: Db, fn: (tx: Tx) => Promise<Result<T, E>>): Promise<Result<T, E>> {
  class Refused extends Error {
    readonly error: E
    constructor(error: E) {
      super('refused')
      this.error = error
    }
  }
  try {
    return await db.transaction().execute(async (tx) => {
      const result = await fn(tx)
      if (!result.ok) throw new Refused(result.error)
      return result
    })
  } catch (thrown) {
    if (thrown instanceof Refused) return fail(thrown.error)
    throw thrown
  }
}
