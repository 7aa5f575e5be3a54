/*
 * Terminology
 *
 * - login evidence: who was seen to be logged in with an observed account, from where and with which program, look after look
 * - it stands: for seven days somebody looked each day, somebody was seen, and everybody who was seen comes from a host where a dependent of the
 *   account is told. Nobody seen proves nothing: who logs in between two looks is not seen
 */

const dayMs = 24 * 3_600_000
/** As long, and looked at on as many days; the keeper asks for the same time. */
export const watchedDays = 7

export interface Evidence {
  observedSince: Date
  now: Date
  /** On how many of the last seven days somebody looked. */
  days: number
  /** Where logins came from. */
  seen: readonly string[]
  /** Addresses of the hosts on which dependents are told. */
  told: readonly string[]
}

export type Standing = 'stands' | 'too_young' | 'not_looked_at' | 'nobody_seen' | 'unknown_login'

export function standingOf({ observedSince, now, days, seen, told }: Evidence): Standing {
  if (now.getTime() - observedSince.getTime() < watchedDays * dayMs) return 'too_young'
  if (days < watchedDays) return 'not_looked_at'
  if (seen.length === 0) return 'nobody_seen'
  return seen.every((address) => told.includes(address)) ? 'stands' : 'unknown_login'
}
