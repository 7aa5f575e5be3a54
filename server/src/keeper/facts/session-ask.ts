import { canonical, type Plain } from '../../kernel/canonical.ts'
import { lengthPrefixed, sha256 } from '../../platform/crypto/hash.ts'
import type { FactContent } from './fact.ts'

/*
 * Terminology
 *
 * - ask: one act in a session that is held until somebody else has said yes or no to exactly it
 * - asked text: the act in words, and a salt; sealed wherever it is kept
 * - to pass: the target hears of the act. Once, and only for an ask that was allowed
 */

export type AskState = 'waiting' | 'allowed' | 'refused' | 'passed' | 'over'

/** What is asked. `salt`: 32 random bytes, hex, so that nobody finds out by guessing to what a digest belongs. */
export interface AskedText {
  act: { readonly [column: string]: Plain }
  salt: string
}

/** A yes that came at the last moment may still be used for so long. */
export const useWithinMs = 60_000

/** Who wants to do something in which session. */
export type Asker = Readonly<Record<'id' | 'session_id' | 'person_id' | 'account_id', Plain>>

/** What somebody says yes to: SHA-256, hex, over who wants to do what in which session, behind a salt. */
export const askDigest = ({ id, session_id, person_id, account_id }: Asker, { act, salt }: AskedText): string =>
  sha256(lengthPrefixed('claviger/ask/v2', salt, canonical({ id, session_id, person_id, account_id, act }))).toString('hex')

/** Whoever may look at requests that are not theirs may read what is asked in sessions that are not theirs. */
export const seesEveryAsk = (groups: readonly string[]): boolean =>
  groups.some((group) => ['approvers', 'security', 'auditors', 'administrators'].includes(group))

/** Whether the rest of an ask may be read by somebody. */
export const seesAsk = (who: { person: string; groups: readonly string[] }, ask: FactContent): boolean =>
  ask.person_id === who.person || seesEveryAsk(who.groups)
