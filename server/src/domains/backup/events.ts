import { auditEvent } from '../audit/index.ts'

/** The intent, `backup.begun`, is the keeper's own entry: it is what lets one be made. */
export const backupDone = auditEvent('backup.done', {
  backup: 'shown',
  bytes: 'shown',
  sha256: 'shown',
  takenAt: 'shown',
  entries: 'shown',
  checked: 'shown',
})
export const backupFailed = auditEvent('backup.failed', { backup: 'shown', why: 'shown' })
export const backupFetched = auditEvent('backup.fetched', { backup: 'shown' })
