import type { Signatory } from '../../seal/ceremony-table.ts'

const has = (who: Signatory, group: string): boolean => who.groups.includes(group)

export const mayTakePart = (who: Signatory): boolean => has(who, 'administrators') || has(who, 'security')

/** Two people, of whom one stands for the administrators and the other for security. */
export const coverBoth = (a: Signatory, b: Signatory): boolean =>
  a.person !== b.person && ((has(a, 'administrators') && has(b, 'security')) || (has(a, 'security') && has(b, 'administrators')))
