import { chmodSync, chownSync, existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/** The system users of our parts, as bare numbers: nobody has to make them. Only root can use them; otherwise all is one user. */
export const users = { keeper: 64811, api: 64812, gateway: 64813, database: 64814, labDatabase: 64820 } as const
export const group = 64810
export type Part = keyof typeof users

export const isRoot = (): boolean => process.getuid?.() === 0

/** Level by level: where a folder cannot be made (/proc), Node's own `recursive` tries for ever. */
function makeFolder(path: string, mode: number): void {
  if (existsSync(path)) return
  if (dirname(path) !== path) makeFolder(dirname(path), 0o755)
  mkdirSync(path, { mode })
}

/** Makes a folder that belongs to one of our parts. */
export function folderFor(path: string, part: Part | 'root', mode: number): string {
  makeFolder(path, mode)
  if (isRoot()) chownSync(path, part === 'root' ? 0 : users[part], group)
  chmodSync(path, mode)
  return path
}

/**
 * Gives up root for one of our users. Called after the modules are loaded, so that a clone in a private home can be run:
 * what is needed from disk later lies in the data folder.
 */
export function becomePart(part: Part): void {
  if (!isRoot()) return
  process.setgroups?.([])
  process.setgid?.(group)
  process.setuid?.(users[part])
}
