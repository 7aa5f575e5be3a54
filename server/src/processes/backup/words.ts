import type { BackupsTold } from '../../domains/backup/index.ts'
import type { DbConnection } from '../../platform/db/open-db.ts'

/** What the process that makes one backup is told on its standard input. */
export interface BackupJob {
  id: string
  database: DbConnection
  /** An empty database in which it is restored once, or why there is none. */
  check: DbConnection | string
  migrations: string
  keeper: string
  recordings: string | undefined
  recipients: readonly string[]
  folder: string
  file: string
  node: string
  version: string
  log: string
  verifierKey: string
}

/** Its end, as the supervisor tells the api process. */
export type BackupEnd = BackupsTold['ended'][number]

export interface BackupProgress {
  id: string
  /** `reading`: out of the database into the file; `checking`: out of the file into a throw-away database. */
  phase: 'reading' | 'checking'
  bytes: number
  /** About as many there will be. */
  of: number
}
