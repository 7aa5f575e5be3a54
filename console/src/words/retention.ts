import type { retention as api } from '@claviger/api'

/** 84 → `7 years`. */
export function spellMonths(months: number): string {
  const of = (n: number, word: string) => `${n} ${word}${n === 1 ? '' : 's'}`
  return months % 12 === 0 ? of(months / 12, 'year') : of(months, 'month')
}

export const anchorWords = {
  session_ended: 'the session ended',
  grant_closed: 'its grant was over',
  account_removed: 'the account was removed',
  relationship_ended: 'the relationship ended',
} as const

/** For which targets a class is. */
export function appliesInWords(applies: api.Applies | null, names: readonly string[]): string {
  if (!applies) return 'nothing that is new'
  const parts = [
    applies.environments?.join(', '),
    applies.tiers && `tier ${applies.tiers.join(', ')}`,
    applies.kinds?.join(', '),
    applies.targets && (names.length > 0 ? names.join(', ') : 'no target yet'),
  ].filter(Boolean)
  return parts.length > 0 ? parts.join('; ') : 'all sessions'
}

/** When the disk is full, in a sentence. */
export function fullInWords(disk: api.Storage['disk'], perDay: number): string {
  if (!disk) return 'How much room is left is not known here.'
  if (perDay === 0) return 'Nothing was recorded lately.'
  if (disk.bytesPerDay === 0) return 'What is recorded goes to the bucket and fills no disk here.'
  if (disk.fullInDays === null || disk.fullInDays > 36_500) return 'The disk lasts for more than a hundred years at this rate.'
  if (disk.fullInDays > 730) return `The disk lasts for ${Math.floor(disk.fullInDays / 365)} years at this rate.`
  return `The disk is full in ${disk.fullInDays} days at this rate.`
}

export interface Bar {
  month: string
  bytes: number
  /** Not recorded yet: what this month takes at the rate of the last days. */
  forecast: boolean
}

/** The last months, those without recordings too, and the coming ones at this rate. */
export function barsOf(months: api.Storage['months'], perDay: number, now: Date, { past = 12, coming = 3 } = {}): Bar[] {
  const known = new Map(months.map((m) => [m.month, m.bytes]))
  return Array.from({ length: past + coming }, (_, i) => {
    const at = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - past + 1 + i, 1))
    const month = at.toISOString().slice(0, 7)
    const forecast = i >= past
    const days = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate()
    return { month, forecast, bytes: forecast ? perDay * days : (known.get(month) ?? 0) }
  })
}
