import { z } from 'zod'
import type { OwnEntries } from '../own-entries.ts'
import { KeyMisfit } from '../seal/key-misfit.ts'
import type { BackupFields } from './backup-acts.ts'
import type { KeeperFolder } from './folder.ts'
import type { KeeperIdentity } from './identity.ts'

/** What `claviger restore` leaves beside the escrow, for the keeper that first opens what it restored. */
export const restoredFile = 'restored.json'

const shape = z.strictObject({
  v: z.literal(1),
  /** Of the backup: its id, when it was taken, the key that signed it, the entries of its ledger. */
  backup: z.string().max(40),
  takenAt: z.iso.datetime(),
  verifierKey: z.string().max(400),
  size: z.int().min(0),
  restoredAt: z.iso.datetime(),
  /** Entries for which an outside checkpoint vouched; 0: nobody did. */
  anchoredTo: z.int().min(0),
  /** Entries that an outside checkpoint saw, and its epoch, where these are more than there are; else null. */
  seen: z.strictObject({ size: z.int(), epoch: z.int() }).nullable(),
})
export type Restored = z.infer<typeof shape>

/** What was restored and not opened yet; undefined when nothing was. Throws when somebody changed it: what it stands for must not be passed over. */
export function readRestored(folder: KeeperFolder): Restored | undefined {
  const text = folder.read(restoredFile)?.toString('utf8')
  if (text === undefined) return undefined
  try {
    return shape.parse(JSON.parse(text))
  } catch {
    throw new Error(`${folder.path(restoredFile)} does not say what was restored: it was changed. Restore again.`)
  }
}

/**
 * Begins a new epoch over what was restored: sign-ins, presences, certificates, tickets and grants of before are void. Its number is one that
 * was never reached: the same backup may have been restored before, and lived on for a while.
 */
export async function beginAfterRestore(deps: {
  folder: KeeperFolder
  identity: KeeperIdentity
  verifierKey: string
  own: Pick<OwnEntries, 'note' | 'alarm'>
  now: () => Date
}): Promise<void> {
  const { folder, identity, verifierKey, own, now } = deps
  const restored = readRestored(folder)
  if (!restored) return
  if (restored.verifierKey !== verifierKey)
    throw new KeyMisfit(
      'The backup that was restored is signed by the key of another ledger than the one in it: it is put together from two installations, or made up. Restore another one.',
    )
  const { backup, takenAt, restoredAt, size, anchoredTo, seen } = restored
  const minutes = Math.max(0, Math.ceil((now().getTime() - Date.parse(takenAt)) / 60_000))
  await identity.reachEpoch(Math.max(identity.epoch, seen?.epoch ?? 0) + 1 + minutes, now())
  const { epoch } = identity
  const fields: BackupFields<'backup.restored'> = { backup, takenAt, restoredAt, size, anchoredTo, seen: seen?.size ?? null, epoch }
  await own.note('backup.restored', fields)
  const anchor =
    anchoredTo > 0 ? `an outside checkpoint vouches for its first ${anchoredTo} entries` : 'unanchored: no outside checkpoint was compared'
  await own.alarm(
    'ledger',
    'restored',
    `epoch ${epoch} was begun: the backup ${backup} of ${takenAt} was restored, ${size} entries, ${anchor}`,
  )
  folder.destroy(restoredFile)
}
