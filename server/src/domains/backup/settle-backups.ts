import type { BackupId } from '../../kernel/id.ts'
import { ok, type Result } from '../../kernel/result.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { Audit } from '../audit/index.ts'
import { backupsOfTheGone, endBackup, type RunningBackup, runningBackup } from './backup.store.ts'
import type { BackupError } from './errors.ts'
import { backupDone, backupFailed } from './events.ts'

/** How one ended, as whoever made it says. */
export type Ended =
  | {
      id: string
      ok: true
      file: string
      bytes: number
      sha256: string
      takenAt: string
      entries: number
      checkedAt: string | null
      unchecked: string | null
    }
  | { id: string; ok: false; error: string }

export interface Told {
  running: { id: string; phase: 'reading' | 'checking'; bytes: number; of: number } | null
  ended: readonly Ended[]
}

/** So long may one be asked for again that nobody knows of: the word to make it may not have been heard. */
const patienceMs = 60_000

/**
 * Compares what the supervisor says of backups with the row of the one that runs, and writes its end. Answers the ids that need not be told again,
 * and one that must be ordered again.
 */
export async function settleBackups(
  deps: { db: Db; audit: Audit; node: string; now: () => Date },
  told: Told,
): Promise<{ entered: string[]; again: RunningBackup | undefined }> {
  const { db, audit, node, now } = deps
  const open = await db.transaction().execute((tx) => runningBackup(tx, node))
  const end = async (row: RunningBackup, how: Ended): Promise<void> => {
    await audit.act<void, BackupError>(
      { act: 'backup.end', by: null, about: { backup: row.id } },
      async ({ tx, record }): Promise<Result<void, BackupError>> => {
        // another word of the same end was quicker
        if ((await runningBackup(tx, node))?.id !== row.id) return ok(undefined)
        await write(tx, row.id, how, now())
        const { id } = row
        const event = how.ok
          ? backupDone({
              backup: id,
              bytes: how.bytes,
              sha256: how.sha256,
              takenAt: how.takenAt,
              entries: how.entries,
              checked: how.checkedAt !== null,
            })
          : backupFailed({ backup: id, why: how.error })
        await record(event, [], { phase: 'outcome', intent: row.intent })
        return ok(undefined)
      },
    )
  }
  const write = (tx: Parameters<typeof endBackup>[0], id: BackupId, how: Ended, at: Date) =>
    endBackup(
      tx,
      id,
      how.ok
        ? {
            ...{ state: 'done', ended_at: at, file: how.file, bytes: how.bytes, sha256: how.sha256, taken_at: new Date(how.takenAt) },
            ...{ entries: how.entries, checked_at: how.checkedAt === null ? null : new Date(how.checkedAt), unchecked: how.unchecked },
          }
        : { state: 'failed', ended_at: at, error: how.error },
    )

  const entered = told.ended.filter((e) => e.id !== open?.id).map((e) => e.id)
  if (!open) return { entered, again: undefined }
  const own = told.ended.find((e) => e.id === open.id)
  if (own) {
    await end(open, own)
    return { entered: [...entered, own.id], again: undefined }
  }
  if (told.running?.id === open.id) return { entered, again: undefined }
  if (told.running === null && now().getTime() - open.begunAt.getTime() > patienceMs) {
    await end(open, { id: open.id, ok: false, error: 'It was cut off: the server ended meanwhile.' })
    return { entered, again: undefined }
  }
  return { entered, again: told.running === null ? open : undefined }
}

/** Ends what servers that are gone had begun. */
export async function settleForTheGone({ db, audit, node, now }: { db: Db; audit: Audit; node: string; now: () => Date }): Promise<void> {
  if ((await db.transaction().execute((tx) => backupsOfTheGone(tx, node))).length === 0) return
  await audit.act<void, BackupError>({ act: 'backup.end', by: null }, async ({ tx, record }) => {
    const why = 'The server that made it is gone, or what it says is of before a restore.'
    for (const { id, intent } of await backupsOfTheGone(tx, node)) {
      await endBackup(tx, id, { state: 'failed', ended_at: now(), error: why })
      await record(backupFailed({ backup: id, why }), [], { phase: 'outcome', intent })
    }
    return ok(undefined)
  })
}
