import { closeSync, type Dirent, existsSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { childrenOf } from './process.ts'
import { findInMemory } from './process-memory.ts'
import type { Superuser } from './superuser.ts'

/*
 * A search for text that must not be anywhere: as itself and in the forms in which programs write text down.
 */

/** The forms of one text, by name: what a search looks for as bytes. */
export function formsOf(name: string, text: string): Record<string, Buffer> {
  const bytes = Buffer.from(text)
  const forms: Record<string, Buffer> = {
    [name]: bytes,
    [`${name}, two bytes a letter`]: Buffer.from(text, 'utf16le'),
    [`${name}, as hex`]: Buffer.from(bytes.toString('hex')),
    [`${name}, as HEX`]: Buffer.from(bytes.toString('hex').toUpperCase()),
  }
  // inside a longer text base64 has three forms; the letters at both ends depend on what stands beside
  for (const before of [0, 1, 2]) {
    const text64 = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64')
    const inner = text64.slice(before === 0 ? 0 : 4, text64.length - 4)
    forms[`${name}, as base64 +${before}`] = Buffer.from(inner)
    forms[`${name}, as base64url +${before}`] = Buffer.from(inner.replaceAll('+', '-').replaceAll('/', '_'))
  }
  return forms
}

const step = 4 * 1024 * 1024

/** Regular files below a folder. Node's own recursive listing goes through links to folders, and round and round where a link leads upwards. */
export function* filesBelow(folder: string): Generator<string> {
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* filesBelow(path)
    else if (entry.isFile()) yield path
  }
}

/** A folder may be gone before it is read. */
export function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    if (existsSync(folder)) throw error
    return []
  }
}

/** Where below a folder any of these stands: `path: name`. Files that go away meanwhile are passed over. */
export function findInFiles(folder: string, needles: Readonly<Record<string, Buffer>>): { read: number; found: string[] } {
  const longest = Math.max(...Object.values(needles).map((n) => n.length))
  const buffer = Buffer.alloc(step + longest)
  let read = 0
  const found: string[] = []
  for (const path of filesBelow(folder)) {
    try {
      const file = openSync(path, 'r')
      try {
        const size = fstatSync(file).size
        for (let at = 0; at < size; at += step) {
          const bytes = buffer.subarray(0, readSync(file, buffer, 0, Math.min(buffer.length, size - at), at))
          for (const [name, needle] of Object.entries(needles)) if (bytes.includes(needle)) found.push(`${path}: ${name}`)
        }
        read += size
      } finally {
        closeSync(file)
      }
    } catch (error) {
      if (existsSync(path)) throw error // else it is gone meanwhile
    }
  }
  return { read, found }
}

/** Where in the database any of these texts stands, read as its superuser: values that lie compressed in the files, too. `table: text`. */
export async function findInTables(db: Superuser, needles: Readonly<Record<string, Buffer>>): Promise<{ rows: number; found: string[] }> {
  const tables = await db.sql<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema') order by 1`,
  )
  const texts = Object.entries(needles).map(([name, bytes]) => [name, bytes.toString('latin1')] as const)
  let rows = 0
  const found: string[] = []
  for (const { name: table } of tables)
    for (const { row } of await db.sql<{ row: string }>(`select t::text as row from ${table} t`)) {
      rows += 1
      for (const [name, text] of texts) if (row.includes(text)) found.push(`${table}: ${name}`)
    }
  return { rows, found }
}

/** In the memory of which of these processes, or of their children, any of them stands: `process: text (times)`. */
export function findInProcesses(processes: Readonly<Record<string, number>>, needles: Readonly<Record<string, Buffer>>): string[] {
  return Object.entries(processes).flatMap(([name, pid]) =>
    [pid, ...childrenOf(pid).map((c) => c.pid)].flatMap((one) =>
      Object.entries(memoryOf(one, needles)).flatMap(([what, times]) => (times > 0 ? [`${name}: ${what} (${times})`] : [])),
    ),
  )
}

/** A connection's process may be gone before it is read. */
function memoryOf(pid: number, needles: Readonly<Record<string, Buffer>>): Record<string, number> {
  try {
    return findInMemory(pid, needles)
  } catch (error) {
    if (existsSync(`/proc/${pid}/mem`)) throw error
    return {}
  }
}
