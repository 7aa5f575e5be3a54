import type { retention as api } from '@claviger/api'

/** `84 months` as people say it. */
export const spellMonths = (months: number): string => {
  const one = (n: number, word: string) => `${n} ${word}${n === 1 ? '' : 's'}`
  return months % 12 === 0 ? one(months / 12, 'year') : one(months, 'month')
}

export const anchorWords = {
  session_ended: 'the session ended',
  grant_closed: 'its grant was over',
  account_removed: 'the account was removed',
  relationship_ended: 'the relationship ended',
} as const

/** Which targets a class is for. */
export function spellApplies(applies: api.Applies | null, targetNames: readonly string[]): string {
  if (applies === null) return 'nothing that is new'
  const parts = [
    applies.environments && `environment ${applies.environments.join(', ')}`,
    applies.tiers && `tier ${applies.tiers.join(', ')}`,
    applies.kinds && `kind ${applies.kinds.join(', ')}`,
    applies.targets && (targetNames.length > 0 ? targetNames.join(', ') : 'no target yet'),
  ].filter(Boolean)
  return parts.length > 0 ? parts.join('; ') : 'all sessions'
}

/** `1.2 GiB`. */
export function spellBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']
  const at = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** at
  return `${at === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[at]}`
}
