import type { Keeper } from '../../keeper/client.ts'
import type { BackupId } from '../../kernel/id.ts'
import type { Db } from '../../platform/db/open-db.ts'
import type { Beat } from '../../platform/watch/beat.ts'
import type { Audit } from '../audit/index.ts'
import { lastBackups } from './backup.store.ts'
import { beginBackup } from './begin-backup.ts'
import { explainBackup } from './errors.ts'
import { settleBackups, settleForTheGone, type Told } from './settle-backups.ts'

export interface BackupDeps {
  db: Db
  audit: Audit
  keeper: Keeper
  now: () => Date
  node: string
  settings: { everyMs: number | undefined; recipients: readonly string[]; folder: string; keep: number; recordings: boolean }
  /** The supervisor, who alone can make one. */
  order(backup: { id: BackupId; recipients: readonly string[]; recordings: boolean }): void
  log: (line: string) => void
}

export interface Backups {
  deps: BackupDeps
  progress(id: string): { phase: 'reading' | 'checking'; bytes: number; of: number } | null
  /** What the supervisor says; answers what is entered in the ledger. */
  told(word: Told): Promise<string[]>
  /** Begins the one that is due by the schedule. */
  look(): Promise<void>
  /** How long ago the last good one was begun; undefined where none are scheduled. */
  beat(): Beat | undefined
  stop(): void
}

const lookMs = 5_000
const goneMs = 60_000
/** After one that failed, at most. */
const retryMs = 600_000

/** Backups as the api process knows them: begun here, made by the supervisor's child, entered here. */
export function createBackups(deps: BackupDeps): Backups {
  const { db, node, settings, keeper, now, log } = deps
  const { everyMs } = settings
  const began = now().getTime()
  let last: Told = { running: null, ended: [] }
  let good: { agoMs: number; cause: string } = { agoMs: 0, cause: 'No backup was made yet.' }
  let busy = false

  let lookedForTheGone = Number.NEGATIVE_INFINITY

  const look = async (): Promise<void> => {
    if (busy) return
    busy = true
    try {
      if (keeper.open && now().getTime() - lookedForTheGone > goneMs) {
        lookedForTheGone = now().getTime()
        await settleForTheGone(deps)
      }
      if (everyMs === undefined) return
      const found = await db.transaction().execute((tx) => lastBackups(tx, node))
      const ago = (at: Date | undefined) => now().getTime() - (at?.getTime() ?? 0)
      good = {
        agoMs: found.good ? ago(found.good) : now().getTime() - began,
        cause: `${found.good ? `The last good backup is of ${found.good.toISOString()}.` : 'There is no good backup yet.'} ${found.error ?? 'Is the seal open?'} Look: claviger backup list.`,
      }
      const due = ago(found.good) >= everyMs && ago(found.tried) >= Math.min(everyMs, retryMs)
      if (!due || !keeper.open) return
      const begun = await beginBackup(deps, { recipients: settings.recipients, recordings: settings.recordings, by: null })
      if (!begun.ok && begun.error.code !== 'backup.running')
        log(`the scheduled backup could not be begun: ${explainBackup(begun.error).body.message}`)
    } catch (error) {
      log(`scheduled backups could not be looked after: ${error instanceof Error ? error.message : String(error)}`)
    } finally {
      busy = false
    }
  }
  const timer = setInterval(() => void look(), lookMs)
  timer.unref()
  return {
    deps,
    progress: (id) => (last.running?.id === id ? { phase: last.running.phase, bytes: last.running.bytes, of: last.running.of } : null),
    async told(word) {
      last = word
      if (!keeper.open) return []
      const { entered, again } = await settleBackups(deps, word)
      if (again) deps.order(again)
      return entered
    },
    look,
    beat: () => (everyMs === undefined ? undefined : good),
    stop: () => clearInterval(timer),
  }
}
