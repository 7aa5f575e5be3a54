import { join, resolve } from 'node:path'
import { fail, ok, type Result } from './kernel/result.ts'
import { isFileRecipient } from './platform/crypto/age-stream.ts'

export interface BackupSettings {
  /** Milliseconds between two scheduled ones; undefined: none are made by themselves. */
  everyMs: number | undefined
  /** To whom they are encrypted, where nobody names others: age recipients. */
  recipients: readonly string[]
  folder: string
  /** How many lie there at most. */
  keep: number
  recordings: boolean
  /** Whether each is restored into a throw-away database before it counts as good. */
  check: boolean
}

/** As many people as may open one backup. */
export const mostRecipients = 16

export function readBackupSettings(
  e: {
    CLAVIGER_BACKUP_EVERY?: number | undefined
    CLAVIGER_BACKUP_RECIPIENTS: string
    CLAVIGER_BACKUP_FOLDER?: string | undefined
    CLAVIGER_BACKUP_KEEP: number
    CLAVIGER_BACKUP_RECORDINGS: 'yes' | 'no'
    CLAVIGER_BACKUP_CHECK: 'yes' | 'no'
  },
  data: string,
): Result<BackupSettings, string> {
  const recipients = e.CLAVIGER_BACKUP_RECIPIENTS.split(/[\s,]+/).filter((r) => r !== '')
  const wrong = recipients.find((r) => !isFileRecipient(r))
  if (wrong !== undefined) return fail(`CLAVIGER_BACKUP_RECIPIENTS: ${wrong} is no age recipient (age1…, as age-keygen -y prints it)`)
  if (recipients.length > mostRecipients) return fail(`CLAVIGER_BACKUP_RECIPIENTS: at most ${mostRecipients}`)
  if (e.CLAVIGER_BACKUP_EVERY !== undefined && recipients.length === 0)
    return fail('CLAVIGER_BACKUP_EVERY needs CLAVIGER_BACKUP_RECIPIENTS: nobody could open such a backup')
  return ok({
    everyMs: e.CLAVIGER_BACKUP_EVERY === undefined ? undefined : e.CLAVIGER_BACKUP_EVERY * 1000,
    recipients,
    folder: resolve(e.CLAVIGER_BACKUP_FOLDER ?? join(data, 'backups')),
    keep: e.CLAVIGER_BACKUP_KEEP,
    recordings: e.CLAVIGER_BACKUP_RECORDINGS === 'yes',
    check: e.CLAVIGER_BACKUP_CHECK === 'yes',
  })
}
