import { lstat, rm, stat } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { type PostgresServerError, withFiles } from './errors.ts'
import { closedParent, type Owner, ownFolder } from './folder.ts'

/** The number in the socket's file name; it is no TCP port. */
export const socketPort = 5432
const longestPath = 100 // the kernel allows 107 bytes for the whole path

const socketIn = (dir: string): string => join(dir, `.s.PGSQL.${socketPort}`)

/**
 * Makes the folder of the Unix socket: open to the database's user and group alone. A path that is too long for a
 * socket is replaced by a short one under /run or /tmp that is named after the folder's place on disk.
 * Answers the folder that is used.
 */
export async function prepareSocketFolder(
  wanted: string,
  folder: string,
  owner: Owner | undefined,
): Promise<Result<string, PostgresServerError>> {
  const dir = Buffer.byteLength(socketIn(wanted)) <= longestPath ? wanted : await shortFolder(folder)
  const uid = owner?.uid ?? process.getuid?.() ?? -1
  // Under /tmp anybody may have made it before us: a foreign folder or a symlink would let them stand in for the database.
  const before = await lstat(dir).catch(() => undefined)
  if (before && (!before.isDirectory() || (before.uid !== uid && before.uid !== process.getuid?.()))) {
    return fail({ code: 'database.folder_foreign', folder: dir })
  }
  const made = await withFiles(dir, () => ownFolder(dir, owner ? 0o710 : 0o700, owner))
  if (!made.ok) return made
  const closed = await closedParent(dir, owner)
  if (closed) return fail({ code: 'database.not_permitted', path: closed, uid })
  if (await answers(socketIn(dir))) return fail({ code: 'database.port_taken', address: socketIn(dir) })
  // left by a database that was killed: its lock names a process that may be another program by now
  await rm(socketIn(dir), { force: true })
  await rm(`${socketIn(dir)}.lock`, { force: true })
  return ok(dir)
}

async function shortFolder(folder: string): Promise<string> {
  const { dev, ino } = await stat(folder)
  const parent = process.getuid?.() === 0 ? '/run' : '/tmp'
  return join(parent, `claviger-${dev.toString(36)}-${ino.toString(36)}`)
}

const answers = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
