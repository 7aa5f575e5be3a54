import type { z } from 'zod'
import type { Fate, standing } from '../routes/onboarding.ts'

/** What would become of a credential, in words. */
export const fateWords: Readonly<Record<Fate, string>> = {
  ready: 'tried and stored',
  observed: 'tried and stored; the account is observed, and not rotated',
  known: 'left: the vault has one already',
  target_unknown: 'left: no target has this name or address',
  target_ambiguous: 'left: several targets have this address and account',
  account_unknown: 'left: the target has no such account; discover it',
  twice: 'left: it was there before',
  brought: 'kept as it is; nothing is tried, and its account is made where it is not there',
  reached: 'left: Claviger makes what opens this target, passwords and SSH keys',
}

/** Whether what was seen is enough to let an observed account be rotated, in words. */
export const standingWords: Readonly<Record<z.infer<typeof standing>, string>> = {
  stands: 'It is let go at the next look: all that used it for seven days is told',
  too_young: 'It is observed for seven days at least',
  not_looked_at: 'It was not looked at on each of seven days',
  nobody_seen: 'Nobody was seen, which proves nothing: a person has to say that it may be rotated',
  unknown_login: 'Something uses it that is not told of a new credential',
}
