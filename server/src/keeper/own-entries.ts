import type pg from 'pg'
import type { z } from 'zod'
import type { EntryId } from '../kernel/id.ts'
import { newId } from '../platform/crypto/random.ts'
import type { KeeperKeys } from './keys.ts'
import { type Phase, writeEntry } from './ledger/entry.ts'
import { insertEntry, insertEntryIn } from './ledger/ledger.store.ts'

type Fields = Readonly<Record<string, z.core.util.JSONType>>

interface How {
  phase?: Phase
  by?: string | null
  id?: EntryId
  at?: Date
  personal?: Readonly<Record<string, string>>
}

/** The keeper's own entries: alarms about what it was shown, and what happened at its seal. Sequenced like every other. */
export interface OwnEntries {
  note(act: string, fields: Fields, how?: How): Promise<EntryId>
  /** An entry for the act of somebody's own transaction: written by what this answers. */
  prepareNote(act: string, fields: Fields, how?: How): (client: pg.PoolClient) => Promise<void>
  /** The same alarm is written at most once a minute, so that an attacker cannot fill the ledger with it. */
  alarm(kind: string, id: string, why: string): Promise<void>
}

/** A policy can be a forged row like any other; the set of them is what may not load. */
const actOf = (kind: string, id: string): string => {
  if (kind.startsWith('ledger')) return 'alarm.ledger'
  if (kind === 'seal') return 'alarm.seal'
  return kind === 'keeper' || (kind === 'policy' && id === 'engine') ? `alarm.${kind}` : 'alarm.forged_row'
}

export function createOwnEntries(pool: pg.Pool, keys: KeeperKeys, now: () => Date, log: (line: string) => void): OwnEntries {
  const lately = new Map<string, number>()
  const write = (act: string, fields: Fields, { phase = 'done', by = null, id = newId('ent'), at = now(), personal = {} }: How) => {
    const entry = writeEntry({ id, at, act, phase, by, fields, personal, attests: [], intent: null })
    return { id, entry, tag: keys.entryTag('keeper', entry.bytes) }
  }
  const note: OwnEntries['note'] = async (act, fields, how = {}) => {
    const { id, entry, tag } = write(act, fields, how)
    await insertEntry(pool, id, entry, 'keeper', tag)
    return id
  }
  return {
    note,
    prepareNote(act, fields, how = {}) {
      const { id, entry, tag } = write(act, fields, how)
      return (client) => insertEntryIn(client, id, entry, 'keeper', tag)
    },
    async alarm(kind, id, why) {
      const key = `${kind}/${id}/${why}`
      const at = now()
      if (at.getTime() - (lately.get(key) ?? Number.NEGATIVE_INFINITY) < 60_000) return
      lately.set(key, at.getTime())
      log(`ALARM: ${kind} ${id}: ${why}`)
      await note(actOf(kind, id), { kind, subject: id, why }, { phase: 'alarm', at })
    },
  }
}
