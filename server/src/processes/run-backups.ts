import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { BackupSettings } from '../backup-settings.ts'
import { connectKeeper } from '../keeper/client.ts'
import type { DbConnection } from '../platform/db/open-db.ts'
import { makeThrowAway, type ThrowAway } from '../platform/db/throw-away.ts'
import { folderFor } from '../platform/process/identity.ts'
import { runOnce } from '../platform/process/once.ts'
import type { BackupEnd, BackupJob, BackupProgress } from './backup/words.ts'

const asked = z.strictObject({
  id: z.string().regex(/^bak_[a-z0-9]{10}$/),
  recipients: z.array(z.string().max(100)).min(1).max(16),
  recordings: z.boolean(),
})

export interface BackupRunner {
  /** What the api process says: that one shall be made, or that it entered the end of some. */
  heard(word: Record<string, unknown>): void
  /** What runs, and what ended and was not entered yet. */
  state(): { running: BackupProgress | null; ended: BackupEnd[] }
  stop(): Promise<void>
}

/**
 * Makes backups, one at a time, by a process for each. The supervisor is the only one who may: it has the right of the database's owner, which no
 * part of the server is given. What was asked for must have been let by the keeper, to exactly these recipients.
 */
export function createBackupRunner(deps: {
  settings: BackupSettings
  keeperSocket: { path: string; token: string }
  owner: DbConnection
  admin: DbConnection
  node: { name: string; version: string }
  /** Folders: the keeper's, the recordings', and a copy of the migrations that others can read. */
  keeper: string
  recordings: string
  migrations: string
  changed: () => void
  log: (line: string) => void
}): BackupRunner {
  const { settings, owner, admin, node, changed, log } = deps
  const folder = folderFor(settings.folder, 'keeper', 0o750)
  let running: { progress: BackupProgress; kill(): void; over: Promise<void> } | undefined
  let ended: BackupEnd[] = []

  const make = async (want: z.output<typeof asked>, begun: (kill: () => void) => void): Promise<BackupEnd> => {
    const { id, recipients, recordings } = want
    const keeper = await connectKeeper({ ...deps.keeperSocket, role: 'supervisor', patienceMs: 5_000 })
    let beside: ThrowAway | undefined
    try {
      const let_ = await keeper.ask('backupStart', { backup: id, recipients, recordings })
      if (!let_.ok) return { id, ok: false, error: let_.error.message }
      const check = await throwAway()
      beside = typeof check === 'string' ? undefined : check
      const at = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
      const job: BackupJob = {
        ...{ id, database: owner, check: typeof check === 'string' ? check : check.connection },
        ...{ migrations: deps.migrations, keeper: deps.keeper, recordings: recordings ? deps.recordings : undefined },
        ...{ recipients, folder, file: `claviger-${at}-${id}.tar.age`, node: node.name, version: node.version, ...let_.value },
      }
      let end: BackupEnd = { id, ok: false, error: 'Its process was ended.' }
      const child = runOnce({
        file: join(import.meta.dirname, 'backup.ts'),
        config: job,
        onWord(word, answer) {
          if (running && 'progress' in word) running.progress = word.progress as BackupProgress
          else if ('end' in word) end = word.end as BackupEnd
          else if (typeof word.sign === 'string')
            void keeper
              .ask('backupSign', { backup: id, digest: word.sign })
              .then((signed) => answer(signed.ok ? { signature: signed.value.signature } : { refused: signed.error.message }))
          changed()
        },
      })
      begun(child.kill)
      await child.ended
      if (end.ok) removeOld(folder, settings.keep)
      return end
    } finally {
      await beside?.drop().catch((error: unknown) => log(`a throw-away database was not removed: ${String(error)}`))
      await keeper.close()
    }
  }

  const throwAway = async (): Promise<ThrowAway | string> => {
    if (!settings.check) return 'CLAVIGER_BACKUP_CHECK says no.'
    try {
      return await makeThrowAway(admin, owner, 'claviger_backup_check')
    } catch (error) {
      return `No database could be made beside this one (${error instanceof Error ? error.message : String(error)}). Check it elsewhere: claviger backup verify.`
    }
  }

  const begin = (want: z.output<typeof asked>): void => {
    if (running || ended.some((e) => e.id === want.id)) return
    let kill = (): void => undefined
    const over = make(want, (how) => (kill = how))
      .catch((error: unknown): BackupEnd => ({ id: want.id, ok: false, error: error instanceof Error ? error.message : String(error) }))
      .then((end) => {
        running = undefined
        ended = [...ended, end].slice(-20)
        if (!end.ok) log(`the backup ${want.id} failed: ${end.error}`)
        changed()
      })
    running = { progress: { id: want.id, phase: 'reading', bytes: 0, of: 0 }, kill: () => kill(), over }
  }

  return {
    heard(word) {
      const want = asked.safeParse(word.backup)
      if (want.success) begin(want.data)
      if (Array.isArray(word.entered)) ended = ended.filter((e) => !(word.entered as unknown[]).includes(e.id))
    },
    state: () => ({ running: running?.progress ?? null, ended }),
    async stop() {
      running?.kill()
      await running?.over
    },
  }
}

/** The newest stay; names begin with their time. */
function removeOld(folder: string, keep: number): void {
  const names = readdirSync(folder).filter((name) => /^claviger-\d{8}T\d{6}Z-bak_[a-z0-9]{10}\.tar\.age$/.test(name))
  for (const name of names.toSorted().slice(0, -keep)) rmSync(join(folder, name), { force: true })
}
