/*
 * Terminology
 *
 * - exclusive grant: nobody else has a grant on its account while it runs. Every grant on an account whose `check_out` says so, and every
 *   grant under which a credential is shown
 * - holding: the one row of an account that says who holds it alone. Its id follows from the account's, so that the keeper knows from the
 *   ledger whether there is one: a row that somebody deletes or puts back is seen
 */
import type { FactContent } from './fact.ts'

/** The id of an account's holding: `hld_4f9k2m7q1x` of `acc_4f9k2m7q1x`. */
export const holdingOf = (account: string): string => `hld_${account.slice(account.indexOf('_') + 1)}`

/** Whether a grant for this action on this account excludes all others. */
export const isExclusive = (account: FactContent, action: unknown): boolean => account.check_out === 'exclusive' || action === 'reveal'
