import { constants } from 'node:fs'
import { access, chmod, chown, mkdir, readdir, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { type PostgresServerError, withFiles } from './errors.ts'

/** The system user that the database runs as. Undefined: our own. */
export interface Owner {
  uid: number
  gid: number
}

const marker = 'claviger-postgres.json'
const leastFree = 200 * 1024 * 1024

/** Where the cluster lies inside the folder (PostgreSQL's PGDATA). */
export const clusterIn = (folder: string): string => join(folder, 'cluster')

/** Makes the folder, or checks that it is empty or one that we made. Writes nothing into a folder that is not ours. */
export async function claimFolder(folder: string, owner: Owner | undefined): Promise<Result<void, PostgresServerError>> {
  const names = await withFiles(folder, async () => {
    await access(await nearestExisting(folder), constants.W_OK) // mkdir would call a read-only file system "no such file"
    await mkdir(folder, { recursive: true, mode: 0o755 })
    return readdir(folder)
  })
  if (!names.ok) return names
  // a start that was killed within its first moments leaves one of these and no marker
  const foreign = names.value.filter((name) => !['bin', 'holder.json', 'lost+found'].includes(name))
  if (foreign.length > 0 && !foreign.includes(marker)) return fail({ code: 'database.folder_foreign', folder })
  const closed = await closedParent(folder, owner)
  return closed ? fail({ code: 'database.not_permitted', path: closed, uid: owner?.uid ?? -1 }) : ok(undefined)
}

/** Checks that the cluster inside, if there is one, is for this major version of PostgreSQL; otherwise makes room for one. */
export async function prepareCluster(folder: string, major: string): Promise<Result<{ exists: boolean }, PostgresServerError>> {
  const names = await withFiles(folder, () => readdir(folder))
  if (!names.ok) return names
  if (names.value.includes('cluster')) {
    const found = await withFiles(folder, () => readFile(join(clusterIn(folder), 'PG_VERSION'), 'utf8'))
    if (!found.ok) return found
    if (found.value.trim() !== major) return fail({ code: 'database.other_version', folder, found: found.value.trim(), needed: major })
    return ok({ exists: true })
  }
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize < leastFree) return fail({ code: 'database.disk_full', folder })
  return withFiles(folder, async () => {
    await writeFile(join(folder, marker), `${JSON.stringify({ format: 1, postgres: major })}\n`)
    for (const name of names.value)
      if (name.startsWith('cluster.new')) await rm(join(folder, name), { recursive: true, force: true, maxRetries: 3 })
    return { exists: false }
  })
}

/** Makes a folder that belongs to the database's user alone, or also to its group. */
export async function ownFolder(path: string, mode: number, owner: Owner | undefined): Promise<void> {
  await mkdir(path, { recursive: true, mode })
  await chmod(path, mode)
  if (owner) await chown(path, owner.uid, owner.gid)
}

async function nearestExisting(path: string): Promise<string> {
  for (let at = resolve(path); ; at = dirname(at)) {
    const found = await stat(at).then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
    )
    if (found || at === dirname(at)) return at
  }
}

/** The first folder on the way to `path` that the database's user may not pass; undefined when all are open to it. */
export async function closedParent(path: string, owner: Owner | undefined): Promise<string | undefined> {
  if (!owner) return undefined
  const way: string[] = []
  for (let at = resolve(path); way[0] !== at; at = dirname(at)) way.unshift(at)
  for (const folder of way) {
    const { mode, uid, gid } = await stat(folder)
    const bit = uid === owner.uid ? 0o100 : gid === owner.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) return folder
  }
  return undefined
}
