import type { session } from '@claviger/api'
import type { Tone } from './access.ts'

type FileAct = session.FileAct
export type FileOp = FileAct['op']

/** What was done, as the person did it. */
export const fileOps: Record<FileOp, string> = {
  get: 'Downloaded',
  put: 'Uploaded',
  list: 'Listed',
  remove: 'Removed',
  rename: 'Renamed',
  mkdir: 'Made folder',
  rmdir: 'Removed folder',
  link: 'Linked',
  symlink: 'Made link',
  attributes: 'Changed mode or time',
  copy: 'Copied there',
}

export const fileOutcomes: Record<FileAct['outcome'], { word: string; tone: Tone }> = {
  ok: { word: 'Done', tone: 'over' },
  failed: { word: 'Failed', tone: 'bad' },
  cut: { word: 'Cut off', tone: 'bad' },
  open: { word: 'No end', tone: 'wait' },
}

const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** 1 → `1 byte`, 1536 → `1.5 KiB`. */
export function sizeInWords(bytes: number): string {
  if (bytes === 1) return '1 byte'
  const step = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** step
  return `${step === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${units[step]}`
}

/** Those that hold the text in a path, hash or message, and did that. */
export function filterFiles(all: readonly FileAct[], text: string, op: FileOp | undefined): FileAct[] {
  const wanted = text.trim().toLowerCase()
  return all.filter((f) => {
    if (op !== undefined && f.op !== op) return false
    return wanted === '' || [f.path, f.to ?? '', f.sha256 ?? '', f.message ?? ''].some((part) => part.toLowerCase().includes(wanted))
  })
}
