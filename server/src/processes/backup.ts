import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { newAgeKey } from '../platform/crypto/age.ts'
import { becomePart } from '../platform/process/identity.ts'
import { readPartConfig } from '../platform/process/part.ts'
import { restoreBackup } from './backup/restore-backup.ts'
import type { BackupEnd, BackupJob, BackupProgress } from './backup/words.ts'
import { writeBackup } from './backup/write-backup.ts'

/**
 * The process that makes one backup and ends. It reads the database as its owner and the keeper's folder, holds no keys, and speaks with nobody
 * but the supervisor.
 *
 * Where it may, it restores what it wrote, from the disk, into a throw-away database. For that the file is encrypted to one more recipient, whose
 * identity is made here, is written nowhere, and is gone with this process.
 */
const job = await readPartConfig<BackupJob>()
process.umask(0o027)
becomePart('keeper')
process.on('disconnect', () => process.exit(1))

const say = (word: object): void => void process.send?.(word)
const end = (how: BackupEnd): void => void process.send?.({ end: how }, undefined, undefined, () => process.exit(0))

let told = 0
const progress = (now: BackupProgress): void => {
  if (Date.now() - told < 500) return
  told = Date.now()
  say({ progress: now })
}

const waiting = Promise.withResolvers<string>()
process.on('message', (word: { signature?: unknown; refused?: unknown }) => {
  if (typeof word.signature === 'string') waiting.resolve(word.signature)
  else waiting.reject(new Error(String(word.refused)))
})
const sign = async (digest: string): Promise<string> => {
  say({ sign: digest })
  return await waiting.promise
}

try {
  const { id, folder, file, check, log, verifierKey } = job
  // what a killed one left
  for (const name of readdirSync(folder)) if (name.endsWith('.part')) rmSync(join(folder, name), { force: true })
  const path = join(folder, file)
  const once = typeof check === 'string' ? undefined : await newAgeKey()
  const plan = { ...job, recipients: [...job.recipients, ...(once ? [once.recipient] : [])], file: path }
  const written = await writeBackup(plan, {
    ...{ sign, log, verifierKey },
    progress: ({ bytes, of }) => progress({ id, phase: 'reading', bytes, of: Math.max(bytes, of) }),
  })
  const { bytes, sha256, head, manifest } = written
  let checkedAt: string | null = null
  if (once && typeof check !== 'string') {
    say({ progress: { id, phase: 'checking', bytes, of: bytes } satisfies BackupProgress })
    const restored = await restoreBackup(
      {
        ...{ file: path, identities: [once.identity], database: check, migrations: job.migrations },
        ...{ verifierKey, kept: [], progress: () => undefined },
      },
      undefined,
    )
    if (!restored.ok) {
      rmSync(path, { force: true })
      throw new Error(`it could not be restored, so it was removed: ${restored.error}`)
    }
    checkedAt = new Date().toISOString()
  }
  end({
    ...{ id, ok: true, file, bytes, sha256, takenAt: head.at, entries: manifest.ledger.size },
    ...{ checkedAt, unchecked: typeof check === 'string' ? check : null },
  })
} catch (error) {
  end({ id: job.id, ok: false, error: (error instanceof Error ? error.message : String(error)).slice(0, 500) })
}
