import type { passwords } from '@claviger/api'

/** What each sort of character is called. */
export const sortWords: Readonly<Record<passwords.CharacterClass, string>> = {
  lower: 'lower case',
  upper: 'upper case',
  digit: 'digits',
  symbol: 'signs',
}

/** "lower case, digits" */
export const sortsInWords = (classes: readonly passwords.CharacterClass[]): string => classes.map((c) => sortWords[c]).join(', ')

/** "tier 0, postgres", or "everything" */
export function forWhat(p: Pick<passwords.PasswordPolicy, 'tier' | 'kind' | 'target'>): string {
  const parts = [p.tier === null ? '' : `tier ${p.tier}`, p.kind ?? '', p.target?.name ?? '']
  return parts.filter((part) => part !== '').join(', ') || 'everything'
}

export const keptInWords = ({ state, keep, days }: { state: 'on' | 'off'; keep: number; days: number }): string =>
  state === 'off'
    ? 'Every version is kept, for ever.'
    : `Of each credential the newest ${keep} are kept, and all for at least ${days} days. The others are destroyed.`
