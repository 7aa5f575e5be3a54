import type { backup as api } from '@claviger/api'
import type { Tone } from '../words/access.ts'

type Backup = api.Backup

/** Bytes for people. */
export function sizeOf(bytes: number | null): string {
  if (bytes === null) return '–'
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  const value = bytes / 1000 ** power
  return `${power === 0 ? value : value.toPrecision(3)} ${units[power]}`
}

/** What is known of its worth: how far it is, or whether it was restored once. */
export function worthOf({ state, progress, checkedAt, unchecked, error }: Backup): string {
  if (state === 'running') {
    if (progress?.phase === 'checking') return 'being restored into a throw-away database'
    const share = progress && progress.of > 0 ? Math.min(99, Math.round((100 * progress.bytes) / progress.of)) : 0
    return `being made, ${share} %`
  }
  if (state === 'failed') return error ?? 'failed'
  return checkedAt ? 'restored into a throw-away database, and found whole' : `not tried: ${unchecked ?? 'nobody knows why'}`
}

export const stateOf = ({ state, checkedAt }: Backup): { word: string; tone: Tone } => {
  if (state === 'failed') return { word: 'Failed', tone: 'bad' }
  if (state === 'running') return { word: 'Running', tone: 'over' }
  return checkedAt ? { word: 'Good', tone: 'good' } : { word: 'Not tried', tone: 'wait' }
}

/** `1 day`, `6 hours`: how often the schedule asks for one. */
export function everyInWords(seconds: number): string {
  const units: [number, string][] = [
    [86_400, 'day'],
    [3_600, 'hour'],
    [60, 'minute'],
    [1, 'second'],
  ]
  const [size, unit] = units.find(([of]) => seconds % of === 0) ?? [1, 'second']
  const count = seconds / size
  return count === 1 ? unit : `${count} ${unit}s`
}
