import type { RotationError } from './errors.ts'

/*
 * What becomes of an order whose attempt failed.
 *
 * - away: nothing was learnt about the credential; tried again for ever, ever more slowly
 * - waits: not this account's failure (another server, the account that manages the target); looked at again soon, not counted
 * - probing: the target refused one of two that it could have, after a change that was cut off; the next attempt tries the other
 * - drifted: the target refuses the current one, and nothing of ours explains it; the one before is left to try
 * - unknown: the target refuses what the vault has, and nothing of ours explains it. No login is tried any more
 * - not ours: nothing of the account is ours to replace, as of one that has come to log in with a certificate alone. It would not be done later either
 * - broken: everything else; tried again, and by the reconciler where there is one
 */
export type Failing = 'away' | 'waits' | 'probing' | 'drifted' | 'unknown' | 'not ours' | 'broken'

const failing: Readonly<Record<string, Failing>> = {
  'target.unreachable': 'away',
  'target.timeout': 'away',
  'rotation.elsewhere': 'waits',
  'rotation.waits_for_manager': 'waits',
  'rotation.other_in_doubt': 'waits',
  'keeper.sealed': 'waits',
  'rotation.observed': 'waits',
  'rotation.probing': 'probing',
  'rotation.drifted': 'drifted',
  'rotation.unknown_credential': 'unknown',
  'rotation.reconciler_refused': 'unknown',
  'rotation.brought_in': 'not ours',
  'rotation.not_asked_for': 'not ours',
  'target.login_refused': 'unknown',
  'target.account_locked': 'unknown',
}
/** The target said no to a login: one more with the same credential can only do harm. */
export const isRefusal = (code: string): boolean => code === 'target.login_refused' || code === 'target.account_locked'

export const failingOf = (code: RotationError['code']): Failing => failing[code] ?? 'broken'

export interface Outlook {
  code: RotationError['code']
  /** With this one. */
  failures: number
  /** Whether the target has a reconciler for this account, and whether this attempt was made by it. */
  reconciler: boolean
  reconciled: boolean
  compromised: boolean
}

export type Next =
  | { do: 'wait' }
  /** Again, after the pause that belongs to the number of failures. */
  | { do: 'retry'; by: 'manager' | 'reconciler'; hold: boolean }
  /** Again at once: a second way in is there, and the first one must not be tried any more. */
  | { do: 'reconcile' }
  | { do: 'hold' }
  /** It is over, and was not done. */
  | { do: 'end'; hold: boolean }

/** Escalated from this failure on. */
export const escalatesAt = 3

export function nextOf({ code, failures, reconciler, reconciled, compromised }: Outlook): Next {
  const is = failingOf(code)
  if (is === 'waits') return { do: 'wait' }
  if (is === 'not ours') return { do: 'end', hold: compromised }
  if (is === 'unknown') return reconciler && !reconciled ? { do: 'reconcile' } : { do: 'hold' }
  if (is === 'drifted' && reconciler && !reconciled) return { do: 'reconcile' }
  const reset = is === 'broken' && reconciler && failures >= escalatesAt
  // whoever has it may be anybody: until it is replaced nobody gets in
  return { do: 'retry', by: reset || (reconciled && is !== 'probing') ? 'reconciler' : 'manager', hold: compromised }
}

/** Who is told of a failure: nobody twice for one order, or everybody would look away. */
export function tellsOf(failures: number): readonly ('owner' | 'security' | 'owner-manager')[] {
  if (failures === 1) return ['owner']
  return failures === escalatesAt ? ['security', 'owner-manager'] : []
}

/** Pauses double; the longest is one that a target which comes back after a day does not make anybody wait for. */
export const longestPauseMs = 600_000

/**
 * Milliseconds until the next attempt after so many failures. `jitter`, 0 to 1, spreads what failed at one moment over a quarter more, so that a
 * target that comes back is not run over.
 */
export function pauseAfter(failures: number, firstMs: number, jitter: number): number {
  const longest = Math.max(firstMs, longestPauseMs)
  const doubled = Math.min(longest, firstMs * 2 ** Math.min(30, Math.max(0, failures - 1)))
  return Math.round(doubled * (1 + jitter / 4))
}
