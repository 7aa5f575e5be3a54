/** The longest pause between two attempts: a host that comes back after a day makes nobody wait. */
export const longestPauseMs = 600_000

/** Milliseconds until the next attempt. A login that the host refused is not repeated soon: it could lock the account that manages the host. */
export function pauseAfter(failures: number, firstMs: number, code: string): number {
  const longest = Math.max(firstMs, longestPauseMs)
  if (code === 'target.login_refused' || code === 'target.account_locked') return longest
  return Math.min(longest, firstMs * 2 ** Math.min(30, Math.max(0, failures - 1)))
}

/** Escalated at this failure. */
export const escalatesAt = 3

/** Who is told of a failure: nobody twice, or everybody would look away. */
export function tellsOf(failures: number): readonly ('owner' | 'security' | 'owner-manager')[] {
  if (failures === 1) return ['owner']
  return failures === escalatesAt ? ['security', 'owner-manager'] : []
}

/** Nothing was learnt about the dependent: not counted, and looked at again soon. */
export const isWaiting = (code: string): boolean => code === 'keeper.sealed' || code === 'dependents.busy'
