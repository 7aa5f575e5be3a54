import type { Result } from '../kernel/result.ts'
import type { TargetFailure } from './failures.ts'
import type { Dial, Login, PinnedIdentity } from './terms.ts'

/** What a host is told: whose certificates let in, and under which name of itself. */
export interface AuthorityToTrust {
  /** Public keys, `ssh-ed25519 AAAA…`, one a line; more than one while the authority is being replaced. */
  lines: readonly string[]
  /** The target's id: a certificate for `ACCOUNT@id` lets in as ACCOUNT, and no other does. */
  target: string
}

type Done = Promise<Result<void, TargetFailure>>

/** For hosts that let in by certificates of an SSH authority. Each is safe to repeat; what cannot be set is put back as it was. */
export interface TrustAuthority<S> {
  readonly trust: (target: S, identity: PinnedIdentity, as: Login, what: AuthorityToTrust, dial: Dial) => Done
  /** Takes `trust` back, and nothing else. */
  readonly distrust: (target: S, identity: PinnedIdentity, as: Login, what: Pick<AuthorityToTrust, 'target'>, dial: Dial) => Done
  /** The files that `trust` lays down, for who does it by hand. */
  readonly files: (what: AuthorityToTrust) => readonly { path: string; content: string }[]
}

/** The same of one open target. */
export interface OpenAuthority {
  trust(identity: PinnedIdentity, as: Login, what: AuthorityToTrust): Done
  distrust(identity: PinnedIdentity, as: Login, what: Pick<AuthorityToTrust, 'target'>): Done
  files(what: AuthorityToTrust): readonly { path: string; content: string }[]
}

/** Closes over settings and dialer. */
export const openAuthority = <S>({ trust, distrust, files }: TrustAuthority<S>, target: S, dial: Dial): OpenAuthority => ({
  trust: (identity, as, what) => trust(target, identity, as, what, dial),
  distrust: (identity, as, what) => distrust(target, identity, as, what, dial),
  files,
})
