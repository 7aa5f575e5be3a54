import { join } from 'node:path'
import { readIfThere, writePrivate } from '../../kit/files.ts'
import type { Shell } from '../../kit/shell.ts'

/** The checkpoint of this server that this machine keeps: what the next verification is anchored in. */
export interface Kept {
  note: string
  verifierKey: string
}

const fileOf = ({ base, settings }: Shell) => join(settings.folder, 'checkpoints', `${base.replace(/[^A-Za-z0-9.-]+/g, '_')}.json`)

export function keptCheckpoint(shell: Shell): Kept | undefined {
  const content = readIfThere(fileOf(shell))
  if (content === undefined) return undefined
  const { note, verifierKey } = JSON.parse(content) as Partial<Kept>
  return typeof note === 'string' && typeof verifierKey === 'string' ? { note, verifierKey } : undefined
}

export const keepCheckpoint = (shell: Shell, note: string, verifierKey: string): void =>
  writePrivate(fileOf(shell), `${JSON.stringify({ version: 1, note, verifierKey }, null, 2)}\n`)
