import type { Db } from '../../platform/db/open-db.ts'
import { leafHash } from '../../platform/merkle/merkle.ts'
import { checkpointsBetween, entriesFrom, personalOf } from './audit.view.ts'

const pageSize = 500

/**
 * The whole log as JSON lines (docs/formats.md, "Ledger export"): a head, then each entry with its leaf hash and what stands
 * beside it, with every signed checkpoint after the last entry that it covers.
 */
export async function* exportLedger(db: Db, head: { size: number; note: string; verifierKey: string }): AsyncGenerator<string> {
  const log = head.note.split('\n', 1)[0] ?? ''
  yield line({ format: 'claviger-ledger-export', version: 1, log, size: head.size, checkpoint: head.note, verifierKey: head.verifierKey })
  for (let done = 0; done < head.size; ) {
    const page = await entriesFrom(db, done + 1, head.size, pageSize)
    if (page.length === 0) return
    const personal = Map.groupBy(
      await personalOf(
        db,
        page.map((e) => e.id),
      ),
      (p) => p.entry_id,
    )
    const last = page.at(-1)?.place ?? head.size
    const checkpoints = await checkpointsBetween(db, done, last)
    for (const { id, place, bytes } of page) {
      const beside = Object.fromEntries((personal.get(id) ?? []).map((p) => [p.field, { value: p.value, salt: p.salt.toString('base64') }]))
      yield line({ place, id, bytes: bytes.toString('base64'), leaf: leafHash(bytes).toString('hex'), personal: beside })
      while (checkpoints[0] && checkpoints[0].size <= (place ?? 0)) yield line({ checkpoint: checkpoints.shift()?.note })
    }
    done = last
  }
}

const line = (value: unknown): string => `${JSON.stringify(value)}\n`
