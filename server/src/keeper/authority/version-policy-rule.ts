import { ok } from '../../kernel/result.ts'
import { versionPolicyId } from '../vault/version-policy.ts'
import { changed, no, type Rule } from './rule.ts'

/** How many replaced versions are kept and for how long at least: said by security officers with a fresh code. */
export const versionPolicy: Rule = async (c) => {
  const { after, actor } = c
  if (actor.by !== 'stepUp' || !actor.groups.includes('security'))
    return no('Security officers say how long versions are kept, with a fresh code.', 'Ask one.')
  if (after.id !== versionPolicyId || changed(c).includes('id') !== (c.before === undefined))
    return no('There is one policy of versions.', 'Change it.')
  const { keep, days, state } = after
  const fits = (n: unknown, most: number) => Number.isInteger(n) && Number(n) >= 1 && Number(n) <= most
  return fits(keep, 1000) && fits(days, 3650) && (state === 'on' || state === 'off')
    ? ok(undefined)
    : no('1 to 1000 versions are kept, for 1 to 3650 days.', 'Choose others.')
}
