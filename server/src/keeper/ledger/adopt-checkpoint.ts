import type pg from 'pg'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { KeeperFolder } from '../state/folder.ts'
import { type Checkpoint, readCheckpoint } from './checkpoint.ts'
import { hasPlaced, newestCheckpoints } from './ledger.store.ts'

/**
 * A keeper whose folder is empty begins with the newest checkpoint in the database that carries our signature: what is replayed is compared with
 * that. A database that was put back before this keeper ever saw it cannot be told from inside; an outside checkpoint tells it. Undefined when
 * the folder has a checkpoint of its own, or nothing was ever signed.
 */
export async function adoptCheckpoint(
  pool: pg.Pool,
  folder: KeeperFolder,
  publicKey: Uint8Array,
): Promise<Result<Checkpoint | undefined, string>> {
  if (folder.read('checkpoint')) return ok(undefined)
  const notes = await newestCheckpoints(pool)
  const note = notes.find((n) => readCheckpoint(n, publicKey))
  if (note === undefined) {
    return notes.length > 0 && (await hasPlaced(pool))
      ? fail(
          "The ledger has entries, and none of its newest checkpoints carries this installation's signature: they were changed. Put ledger_checkpoint back from a backup.",
        )
      : ok(undefined)
  }
  folder.write('checkpoint', note)
  return ok(readCheckpoint(note, publicKey))
}
