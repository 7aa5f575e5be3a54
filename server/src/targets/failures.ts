import type { Explained, Faces } from '../kernel/errors.ts'
import { explain } from '../kernel/errors.ts'

/** Every way in which a target can fail us. `detail` never holds a secret and is short enough to show. */
export type TargetFailure =
  | { code: 'target.settings_invalid'; issues: readonly string[] }
  | { code: 'target.unreachable'; detail: string }
  /** The target did not prove the pinned identity: nothing was sent to it. */
  | { code: 'target.impostor'; expected: string; presented: string }
  /** `why`: what is known of it, as the end of a clause. `unasked`: it said no before it asked for the credential, about which that says nothing. */
  | { code: 'target.login_refused'; account: string; why?: string; unasked?: true }
  /** The certificate in the vault was not shown: it is over, or may not be shown to this target. */
  | { code: 'target.certificate_unusable'; account: string; why: string }
  /** The vault has a certificate, and the target asks for something else. It got nothing more. */
  | { code: 'target.asks_otherwise'; account: string; asks: string }
  | { code: 'target.not_permitted'; detail: string }
  | { code: 'target.account_gone'; account: string }
  /** The account is locked, disabled or expired there, which says nothing about the credential. Trying again may keep it locked. */
  | { code: 'target.account_locked'; account: string; why?: string }
  /** The kind of target cannot take this credential at all: its form, its characters, its length. Another of the same form is refused too. */
  | { code: 'target.credential_refused'; detail: string }
  /** The target's own policy refuses this password: too simple, used before, too soon. Another one may do. */
  | { code: 'target.password_refused'; detail: string }
  /** This one target lacks what others of its kind have: an old version, a part that is switched off. */
  | { code: 'target.not_supported'; detail: string }
  /** What uses a credential on this host did not take it. `step`: file, command, unit or check. */
  | { code: 'target.not_told'; step: string; detail: string }
  /** Claviger connects to no target of this kind. */
  | { code: 'target.not_reached'; kind: string }
  | { code: 'target.protocol'; detail: string }
  | { code: 'target.timeout'; detail: string }

type FailureTable = { [C in TargetFailure['code']]: Omit<Extract<TargetFailure, { code: C }>, 'code'> }

const faces: Faces<FailureTable> = {
  'target.settings_invalid': { http: 422, say: (e) => `The settings of this target are not right: ${e.issues.join('; ')}.` },
  'target.unreachable': { http: 502, say: (e) => `The target cannot be reached: ${e.detail}. Is it running, and is the address right?` },
  'target.impostor': {
    http: 502,
    say: (e) =>
      `The target is not the one that was pinned (expected ${e.expected}, it presented ${e.presented}). It heard no credential. Find out why before you pin it anew.`,
  },
  'target.login_refused': {
    http: 502,
    say: (e) =>
      e.why === undefined
        ? `The target refused the login of ${e.account}. Was its credential changed on the target itself?`
        : `The target refused the login of ${e.account}: ${e.why}.`,
  },
  'target.certificate_unusable': {
    http: 409,
    say: (e) => `The certificate of ${e.account} cannot be used: ${e.why}. Bring in the next one: claviger credentials put --kind tls.`,
  },
  'target.asks_otherwise': {
    http: 502,
    say: (e) =>
      `The vault has a certificate of ${e.account}, and the target asks for ${e.asks}. It got nothing more. Let the target ask for the certificate (of PostgreSQL: a line with the method cert in its pg_hba.conf).`,
  },
  'target.not_permitted': {
    http: 502,
    say: (e) => `The target does not permit this: ${e.detail}. Give the managing account the right, or manage with another one.`,
  },
  'target.account_gone': { http: 502, say: (e) => `The target has no account ${e.account} any more. Discover it again.` },
  'target.account_locked': {
    http: 502,
    say: (e) =>
      `The account ${e.account} ${e.why ?? 'is locked or disabled'} on the target. Unlock it there or enable it again, then try again.`,
  },
  'target.credential_refused': { http: 502, say: (e) => `The target did not accept the new credential: ${e.detail}.` },
  'target.password_refused': {
    http: 502,
    say: (e) =>
      `The target's own password policy refuses the new password: ${e.detail}. Make the password rules as strict as the target's, then try again.`,
  },
  'target.not_supported': { http: 502, say: (e) => `This target cannot do that: ${e.detail}.` },
  'target.not_told': { http: 502, say: (e) => `What uses the credential there did not take it (${e.step}): ${e.detail}.` },
  'target.not_reached': {
    http: 422,
    say: (e) =>
      `Claviger does not reach targets of the kind ${e.kind}: what it keeps for them is brought in by hand. Bring in the next version: claviger credentials put.`,
  },
  'target.protocol': { http: 502, say: (e) => `The target did not answer as it should: ${e.detail}.` },
  'target.timeout': { http: 502, say: (e) => `The target did not answer in time: ${e.detail}. Try again.` },
}

/** What a failure of a target looks like to people and to HTTP. */
export const explainTargetFailure = (failure: TargetFailure): Explained =>
  explain<FailureTable, TargetFailure['code']>(faces, failure as never)
