import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import { backup as api } from '@claviger/api'
import { fail, ok } from '../../kernel/result.ts'
import { on, onRaw, type RouteHandler, signedIn } from '../../platform/http/handler.ts'
import type { Backups } from './backup.module.ts'
import { fileOf, isKnown } from './backup.store.ts'
import { showBackups } from './backup.view.ts'
import { beginBackup } from './begin-backup.ts'
import { type BackupError, explainBackup } from './errors.ts'
import { backupFetched } from './events.ts'

export function backupRoutes(backups: Backups): RouteHandler[] {
  const refuse = (error: BackupError) => fail(explainBackup(error))
  const pathOf = (file: string) => join(backups.deps.settings.folder, file)
  const about = { kept: (file: string) => existsSync(pathOf(file)), progress: (id: string) => backups.progress(id) }
  return [
    on(api.backups, async ({ query }) => {
      const { everyMs, recipients, folder, keep } = backups.deps.settings
      return ok({
        backups: await showBackups(backups.deps.db, { limit: query.limit }, about),
        schedule: { everySeconds: everyMs === undefined ? null : Math.round(everyMs / 1000), recipients: [...recipients], folder, keep },
      })
    }),
    on(api.beginBackup, async (incoming) => {
      const { recipients: given, recordings, code } = incoming.body
      const by = { person: signedIn(incoming).person, code }
      const begun = await beginBackup(backups.deps, { recipients: given ?? backups.deps.settings.recipients, recordings, by })
      if (!begun.ok) return refuse(begun.error)
      const [shown] = await showBackups(backups.deps.db, { id: begun.value, limit: 1 }, about)
      return shown ? ok(shown) : refuse({ code: 'backup.unknown', backup: begun.value })
    }),
    onRaw(api.backupFile, async (incoming) => {
      const { id } = incoming.params
      const [known, found] = await backups.deps.db.transaction().execute(async (tx) => [await isKnown(tx, id), await fileOf(tx, id)])
      if (!known) return refuse({ code: 'backup.unknown', backup: id })
      if (!found || !about.kept(found.file)) return refuse({ code: 'backup.not_here', backup: id })
      await backups.deps.audit.note(backupFetched({ backup: id }), signedIn(incoming).person)
      return ok({ type: 'application/octet-stream', body: createReadStream(pathOf(found.file)), fileName: found.file })
    }),
  ]
}
