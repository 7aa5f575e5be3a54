import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { type PostgresServerError, withFiles } from './errors.ts'

/*
 * The holder is the process that started the database and watches it. Its name stands in `holder.json`, so that a
 * second start can tell an orphan (the holder was killed: stop it and start afresh) from a database in use (hands off).
 */
interface Holder {
  pid: number
  /** Tells the process from a later one with the same number: start time in ticks, and the boot in which they count. */
  born: string
}

/** Takes the folder for this process. `database.in_use` while the process that holds it lives. */
export async function holdFolder(folder: string): Promise<Result<void, PostgresServerError>> {
  const file = join(folder, 'holder.json')
  const me: Holder = { pid: process.pid, born: (await bornOf(process.pid)) ?? '' }
  for (let attempt = 0; attempt < 3; attempt++) {
    const taken = await withFiles(folder, () => writeNew(file, `${JSON.stringify(me)}\n`))
    if (!taken.ok || taken.value) return taken.ok ? ok(undefined) : taken
    const holder = await readHolder(file)
    if (holder && holder.born !== '' && (await bornOf(holder.pid)) === holder.born)
      return fail({ code: 'database.in_use', folder, pid: holder.pid })
    const removed = await withFiles(folder, () => rm(file, { force: true }))
    if (!removed.ok) return removed
  }
  return fail({ code: 'database.start_failed', detail: `another start is busy in ${folder}` })
}

export async function releaseFolder(folder: string): Promise<void> {
  await rm(join(folder, 'holder.json'), { force: true }).catch(() => undefined)
}

/** False when the file exists already. */
async function writeNew(file: string, text: string): Promise<boolean> {
  try {
    await writeFile(file, text, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    await rm(file, { force: true }).catch(() => undefined) // a full disk makes the file and then has no room for its text
    throw error
  }
}

async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    const { pid, born } = JSON.parse(await readFile(file, 'utf8')) as Partial<Holder>
    return typeof pid === 'number' && typeof born === 'string' ? { pid, born } : undefined
  } catch {
    return undefined // half written by a start that was killed
  }
}

/** When a process was born, or undefined when it does not live. proc(5): field 22 of stat, counted behind the name in brackets. */
async function bornOf(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z') return undefined
    return `${(await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()}/${fields[19]}`
  } catch {
    return undefined
  }
}
