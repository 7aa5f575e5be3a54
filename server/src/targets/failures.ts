import type { Explained, Faces } from '../kernel/errors.ts'
import { explain } from '../kernel/errors.ts'
import type { TargetFailure } from './contract.ts'

type FailureTable = { [C in TargetFailure['code']]: Omit<Extract<TargetFailure, { code: C }>, 'code'> }

const faces: Faces<FailureTable> = {
  'target.settings_invalid': { http: 422, say: (e) => `The settings of this target are not right: ${e.issues.join('; ')}.` },
  'target.unreachable': { http: 502, say: (e) => `The target cannot be reached: ${e.detail}. Is it running, and is the address right?` },
  'target.impostor': {
    http: 502,
    say: (e) =>
      `The target is not the one that was pinned (expected ${e.expected}, it presented ${e.presented}). Nothing was sent to it. Find out why before you pin it anew.`,
  },
  'target.login_refused': {
    http: 502,
    say: (e) => `The target refused the login of ${e.account}. Was its credential changed on the target itself?`,
  },
  'target.not_permitted': {
    http: 502,
    say: (e) => `The target does not permit this: ${e.detail}. Give the managing account the right, or manage with another one.`,
  },
  'target.account_gone': { http: 502, say: (e) => `The target has no account ${e.account} any more. Discover it again.` },
  'target.credential_refused': { http: 502, say: (e) => `The target did not accept the new credential: ${e.detail}.` },
  'target.protocol': { http: 502, say: (e) => `The target did not answer as it should: ${e.detail}.` },
  'target.timeout': { http: 502, say: (e) => `The target did not answer in time: ${e.detail}. Try again.` },
}

/** What a failure of a target looks like to people and to HTTP. */
export const explainTargetFailure = (failure: TargetFailure): Explained =>
  explain<FailureTable, TargetFailure['code']>(faces, failure as never)
