import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Reads a file that may not be there yet. */
export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw cause
  }
}

/**
 * Writes a file whole or not at all, readable by its owner alone from its first byte on. Folders are made as needed, 0700.
 * `mode` is for what others may read, such as a public key.
 */
export function writePrivate(file: string, content: string | Uint8Array, mode = 0o600): void {
  const folder = dirname(file)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const fresh = join(folder, `.${randomBytes(6).toString('hex')}.tmp`)
  writeFileSync(fresh, content, { mode, flag: 'wx' })
  renameSync(fresh, file)
}

export const remove = (file: string): void => rmSync(file, { force: true })
