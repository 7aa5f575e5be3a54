import type { ErrorOf, Faces } from '../../kernel/errors.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'

/** Every way in which the embedded PostgreSQL can refuse to start. */
interface PostgresServerErrors {
  'database.port_taken': { address: string }
  'database.address_unusable': { address: string }
  'database.folder_foreign': { folder: string }
  'database.folder_unusable': { folder: string; detail: string }
  'database.other_version': { folder: string; found: string; needed: string }
  'database.in_use': { folder: string; pid: number }
  'database.disk_full': { folder: string }
  'database.read_only': { folder: string }
  'database.not_permitted': { path: string; uid: number }
  'database.binaries_missing': { platform: string }
  'database.start_failed': { detail: string }
}
export type PostgresServerError = ErrorOf<PostgresServerErrors>

export const postgresServerErrorFaces: Faces<PostgresServerErrors> = {
  'database.port_taken': { http: 503, say: (e) => `${e.address} is taken by another program. Stop that program or choose another port.` },
  'database.address_unusable': {
    http: 503,
    say: (e) => `PostgreSQL may not listen on ${e.address}. Choose 127.0.0.1 and a port above 1023.`,
  },
  'database.folder_foreign': {
    http: 503,
    say: (e) => `${e.folder} holds files that Claviger did not make. Set CLAVIGER_DATA to an empty folder or to one that Claviger made.`,
  },
  'database.folder_unusable': {
    http: 503,
    say: (e) => `${e.folder} cannot hold a database (${e.detail}). Set CLAVIGER_DATA to another folder.`,
  },
  'database.other_version': {
    http: 503,
    say: (e) =>
      `${e.folder} was made by PostgreSQL ${e.found}, and this release brings PostgreSQL ${e.needed}. Start the release that made it, or move the data with pg_upgrade.`,
  },
  'database.in_use': {
    http: 503,
    say: (e) => `The database in ${e.folder} is in use by process ${e.pid}. Stop that one first, or set CLAVIGER_DATA to another folder.`,
  },
  'database.disk_full': { http: 503, say: (e) => `No space is left for ${e.folder}. Free at least 500 MB on that disk, then start again.` },
  'database.read_only': {
    http: 503,
    say: (e) => `${e.folder} is on a read-only file system. Remount it writable, or set CLAVIGER_DATA to another folder.`,
  },
  'database.not_permitted': {
    http: 503,
    say: (e) =>
      `User id ${e.uid} may not use ${e.path}. Open that folder to it (chmod o+x is enough for a parent folder), or set CLAVIGER_DATA to another one.`,
  },
  'database.binaries_missing': {
    http: 503,
    say: (e) =>
      `There are no PostgreSQL binaries for ${e.platform}. Install with optional packages (npm ci without --omit=optional), or set DATABASE_URL.`,
  },
  'database.start_failed': { http: 503, say: (e) => `PostgreSQL did not start: ${e.detail}. Its log lines above say more.` },
}

/** Runs file work on `folder` and turns what the operating system refuses into a value. Anything else is a bug and stays thrown. */
export async function withFiles<T>(folder: string, work: () => Promise<T>): Promise<Result<T, PostgresServerError>> {
  try {
    return ok(await work())
  } catch (error) {
    const refusal = fileRefusal(error, folder)
    if (!refusal) throw error
    return fail(refusal)
  }
}

/** What an errno means for the person who starts the server; undefined when it means nothing to them. */
export function fileRefusal(error: unknown, folder: string): PostgresServerError | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  const path = 'path' in error && typeof error.path === 'string' ? error.path : folder
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return { code: 'database.disk_full', folder }
    case 'EROFS':
      return { code: 'database.read_only', folder }
    case 'EACCES':
    case 'EPERM':
      return { code: 'database.not_permitted', path, uid: process.getuid?.() ?? -1 }
    case 'ENOTDIR':
    case 'ENAMETOOLONG':
    case 'ELOOP':
      return { code: 'database.folder_unusable', folder, detail: error.code }
  }
  return undefined
}
