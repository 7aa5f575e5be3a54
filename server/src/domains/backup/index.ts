// what other folders may use of backups; making one is the supervisor's (processes/run-backups.ts)
export { type Backups, createBackups } from './backup.module.ts'
export { backupRoutes } from './backup.routes.ts'
export type { Told as BackupsTold } from './settle-backups.ts'
