import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fail, ok, type Result } from '../kernel/result.ts'
import { sha256 } from '../platform/crypto/hash.ts'
import { randomToken } from '../platform/crypto/random.ts'
import { folderFor, isRoot } from '../platform/process/identity.ts'

/** Lies in a data folder while a backup is restored into it. */
export const restoringFile = 'restoring'

/** What we make in a data folder. */
const ours = ['run', 'backups', 'bin', 'secrets', 'postgres', 'keeper', 'recordings', 'anchors', 'lab', 'node', 'lost+found']

/** Claims the data folder for this start; a second server on the same folder is told who has it. */
export function claimDataFolder(data: string): Result<{ release(): void }, string> {
  const foreign = foreignIn(data)
  if (foreign !== undefined)
    return fail(
      `${data} holds something else (${foreign}), so nothing was touched. Set CLAVIGER_DATA to an empty folder, or to one that Claviger made.`,
    )
  if (existsSync(join(data, restoringFile)))
    return fail(
      `A restore into ${data} did not come to its end, so what is there counts for nothing. Remove it (and empty the database of DATABASE_URL, where there is one), then restore again.`,
    )
  try {
    folderFor(data, 'root', 0o711)
    folderFor(join(data, 'run'), 'root', 0o711)
  } catch (error) {
    return fail(`${data} cannot be used (${(error as Error).message}). Set CLAVIGER_DATA to a folder that you may write.`)
  }
  const file = join(data, 'run', 'supervisor.pid')
  const other = livingSupervisor(file)
  if (other !== undefined)
    return fail(
      `Claviger already runs from ${data} (process ${other}). Stop it first (Ctrl-C there), or set CLAVIGER_DATA to another folder.`,
    )
  try {
    writeFileSync(file, `${process.pid}\n`)
  } catch (error) {
    return fail(`${data} cannot be written (${(error as Error).message}). Is the disk full or read-only? Free space or set CLAVIGER_DATA.`)
  }
  return ok({ release: () => rmSync(file, { force: true }) })
}

/** What lies in a folder that was never ours: a mistyped path must not be taken over, nor its permissions changed. */
function foreignIn(data: string): string | undefined {
  let names: string[]
  try {
    names = readdirSync(data)
  } catch {
    return undefined // not there yet, or no folder: making it says so
  }
  if (names.includes('keeper') && (names.includes('postgres') || names.includes('node'))) return undefined
  return names.find((name) => !ours.includes(name))
}

/** A pid file outlives a killed server, and its number may be another program by now: believe it only when that is one of us. */
function livingSupervisor(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8'))
    return pid !== process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('main.ts') ? pid : undefined
  } catch {
    return undefined
  }
}

/** What whoever owns the data can read, and nobody else: with it the command line on the host initialises and seals. Anew for each start. */
export function layHostToken(data: string): string {
  const file = join(data, 'run', 'host-token')
  const token = randomToken()
  rmSync(file, { force: true })
  writeFileSync(file, `${token}\n`, { mode: 0o600 })
  return token
}

/** What to print of the link that makes the first administrator. A service is read by whoever may read the journal: there it lies in a file of the owner's. */
export function firstRunLink(data: string, link: string): string {
  const file = join(data, 'run', 'first-run-link')
  rmSync(file, { force: true })
  // systemd.exec(5): its number is ours when we are the service itself, and not only somewhere below one
  const { SYSTEMD_EXEC_PID: service, JOURNAL_STREAM: journal } = process.env
  if (service !== String(process.pid) && (journal === undefined || process.stdout.isTTY)) return link
  writeFileSync(file, `${link}\n`, { mode: 0o600 })
  return `the link in ${file}, which root alone reads`
}

/** The keeper's socket, or the gateway's for its console. A path too long for a Unix socket (107 bytes) is replaced by a short one that only we may own. */
export function partSocket(data: string, part: 'keeper' | 'gateway'): string {
  const wanted = join(data, 'run', part)
  const short = join(isRoot() ? '/run' : '/tmp', `claviger-${part}-${sha256(data).toString('hex').slice(0, 12)}`)
  const folder = Buffer.byteLength(join(wanted, `${part}.sock`)) <= 100 ? wanted : short
  try {
    const before = lstatSync(folder)
    if (!before.isDirectory() || (!isRoot() && before.uid !== process.getuid?.()))
      throw new Error(`${folder} belongs to someone else. Remove it or set CLAVIGER_DATA to a shorter path.`)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    mkdirSync(folder, { mode: 0o711 })
  }
  folderFor(folder, part, 0o711)
  return join(folder, `${part}.sock`)
}
