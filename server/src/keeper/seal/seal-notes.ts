import { z } from 'zod'
import type { EntryId } from '../../kernel/id.ts'
import { newId } from '../../platform/crypto/random.ts'
import type { KeeperFolder } from '../state/folder.ts'
import { sealActs } from './seal-acts.ts'

const line = z.strictObject({
  id: z.string().regex(/^ent_[a-z0-9]{10}$/),
  at: z.iso.datetime(),
  act: z.enum(Object.keys(sealActs) as [keyof typeof sealActs]),
  phase: z.enum(['done', 'refused', 'alarm']),
  by: z.string().nullable(),
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  personal: z.record(z.string(), z.string()),
})
export type SealNote = Omit<z.infer<typeof line>, 'id'> & { id: EntryId }

const file = 'seal-notes.jsonl'
const most = 1_000
const overflow = 'seal.notes_full'

/**
 * What happened at the seal while the ledger's keys were away: each is on the disk before it is answered, and becomes an entry at the next
 * unseal. A key that signed the ledger while sealed would have to lie open beside the data; this file is only as safe as the folder.
 */
export interface SealNotes {
  add(note: Omit<SealNote, 'id'>): void
  all(): SealNote[]
  clear(): void
}

export function openSealNotes(folder: KeeperFolder): SealNotes {
  const all = (): SealNote[] =>
    (folder.read(file)?.toString('utf8') ?? '').split('\n').flatMap((raw) => {
      try {
        const parsed = line.safeParse(JSON.parse(raw))
        return parsed.success ? [parsed.data as SealNote] : []
      } catch {
        return []
      }
    })
  let count = all().length
  return {
    all,
    add(note) {
      // somebody who offers rubbish all night must not fill the disk: the last line says that more was left out
      if (count > most) return
      count += 1
      const full = { ...note, act: overflow, phase: 'done', fields: { kept: most }, personal: {} }
      folder.append(file, `\n${JSON.stringify({ id: newId('ent'), ...(count > most ? full : note) })}\n`)
    },
    clear() {
      folder.write(file, '')
      count = 0
    },
  }
}
