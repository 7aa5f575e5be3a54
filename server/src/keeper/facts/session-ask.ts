import { canonical } from '../../kernel/canonical.ts'
import { lengthPrefixed, sha256 } from '../../platform/crypto/hash.ts'
import type { FactContent } from './fact.ts'

/*
 * Terminology
 *
 * - ask: one act in a session that is held until somebody else has said yes or no to exactly it
 * - to pass: the target hears of the act. Once, and only for an ask that was allowed
 */

export type AskState = 'waiting' | 'allowed' | 'refused' | 'passed' | 'over'

/** A yes that came at the last moment may still be used for so long. */
export const useWithinMs = 60_000

/** What somebody says yes to: SHA-256, hex, over who wants to do what in which session. */
export const askDigest = ({ id, session_id, person_id, account_id, act }: FactContent): string =>
  sha256(lengthPrefixed('claviger/ask/v1', canonical({ id, session_id, person_id, account_id, act } as FactContent))).toString('hex')
