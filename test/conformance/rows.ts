import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Row } from './row.ts'

const folder = join(import.meta.dirname, 'acts')

/** The rows of every file in the folder of acts, by name; those that leave the account useless stand last. */
export async function readRows(): Promise<Row[]> {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .sort()
  const rows = await Promise.all(files.map(async (file) => ((await import(join(folder, file))) as { default: Row[] }).default))
  return rows.flat().sort((a, b) => Number(a.last ?? false) - Number(b.last ?? false))
}
