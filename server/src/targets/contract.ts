/*
 * Terminology
 *
 * - target kind: a sort of system we manage (postgres, linux-ssh); one folder beside this file
 * - target: one such system, described by the settings of its kind and by its pinned identity
 * - login: the name and credential that we ourselves use on the target
 * - capability: something a kind can do; a kind leaves out what it cannot do, and never fakes it
 * - identity: what the target must prove before it hears a credential (host key, certificate, SCRAM server signature)
 */
import type { z } from 'zod'
import { fail, ok, type Result } from '../kernel/result.ts'
import type { Secret } from '../kernel/secret.ts'
import type { AccountCategory } from '../kernel/tier.ts'
import { type DescribedSetting, describeSettings } from './describe-settings.ts'
import type { TargetFailure } from './failures.ts'

/** What proves an account on a target. An account may have one credential of each kind. */
export type CredentialKind = 'password' | 'ssh-key'

/**
 * One credential as bytes. `password`: UTF-8 text. `ssh-key`: an OpenSSH private key in PEM, without passphrase;
 * `publicKey` is its `ssh-ed25519 AAAA…` line, which is no secret.
 */
export interface Credential {
  kind: CredentialKind
  secret: Secret
  publicKey?: string
}

/** Who we are on the target. The kind wipes nothing: the caller owns the credential. */
export interface Login {
  account: string
  credential: Credential
}

/** What the target proved about itself, pinned by an administrator. Kinds give it meaning; the rest of the server compares bytes. */
export type PinnedIdentity = { readonly [key: string]: string }

export interface FoundAccount {
  name: string
  category: AccountCategory
  /** Why it is privileged, in the field's words: `superuser`, `createrole`, `uid 0`, `sudo`, `member of app_admin`. Never empty. */
  privileges: readonly string[]
  /** Which credentials exist on the target now. */
  credentials: readonly CredentialKind[]
  /** Public SSH keys that open it today, as fingerprints `SHA256:…` with their comment. */
  authorisedKeys?: readonly { fingerprint: string; comment: string }[]
  canLogIn: boolean
}

/** A TCP connection that the dialer allowed. The only way in which a kind reaches the network. */
export type Dial = (
  host: string,
  port: number,
) => Promise<Result<import('node:net').Socket, { code: 'target.unreachable'; detail: string }>>

export interface TargetKindSpec<S> {
  readonly name: string
  readonly settings: z.ZodType<S>
  /** Which gateway carries sessions to it. A kind without one can be vaulted and rotated only. */
  readonly wire?: 'ssh' | 'postgres'
  readonly credentialKinds: readonly CredentialKind[]

  /** Asks the target who it is, without sending any credential. What an administrator then pins. */
  readonly identify: (target: S, dial: Dial) => Promise<Result<PinnedIdentity, TargetFailure>>

  /** Lists the privileged accounts on the target. Yields as it reads, so a million accounts need no million rows of memory. Throws `TargetError`. */
  readonly discover?: (target: S, identity: PinnedIdentity, as: Login, dial: Dial) => AsyncIterable<FoundAccount>

  /**
   * Sets a new credential for one account, logged in as `as` (which may be the account itself).
   *
   * Must be safe to call twice with the same `next`: after a crash the rotation job asks again
   * without knowing whether the first call got through. Ways in that are not ours (foreign authorised keys)
   * are closed only by `closeOthers`, after the new credential was proven.
   */
  readonly rotate?: (
    target: S,
    identity: PinnedIdentity,
    as: Login,
    account: string,
    next: Credential,
    dial: Dial,
  ) => Promise<Result<void, TargetFailure>>

  /** Removes every other way in of the same credential kind (old keys). Safe to repeat. Answers what it removed, as fingerprints. */
  readonly closeOthers?: (
    target: S,
    identity: PinnedIdentity,
    as: Login,
    account: string,
    keep: Credential,
    dial: Dial,
  ) => Promise<Result<readonly string[], TargetFailure>>

  /** Logs in afresh and out again: ok when the credential works, `target.login_refused` when the target says no. At most 15 s. */
  readonly verify: (target: S, identity: PinnedIdentity, login: Login, dial: Dial) => Promise<Result<void, TargetFailure>>
}

/** A target of any kind with its settings parsed: what domains work with. A capability that it lacks is absent. */
export interface OpenTarget {
  readonly kind: string
  readonly wire?: 'ssh' | 'postgres'
  readonly address: { host: string; port: number }
  identify(): Promise<Result<PinnedIdentity, TargetFailure>>
  discover?(identity: PinnedIdentity, as: Login): AsyncIterable<FoundAccount>
  rotate?(identity: PinnedIdentity, as: Login, account: string, next: Credential): Promise<Result<void, TargetFailure>>
  closeOthers?(identity: PinnedIdentity, as: Login, account: string, keep: Credential): Promise<Result<readonly string[], TargetFailure>>
  verify(identity: PinnedIdentity, login: Login): Promise<Result<void, TargetFailure>>
}

export interface TargetKind {
  readonly name: string
  readonly wire?: 'ssh' | 'postgres'
  readonly credentialKinds: readonly CredentialKind[]
  readonly capabilities: readonly string[]
  /** What its settings are, for a form. */
  readonly settings: readonly DescribedSetting[]
  open(settings: unknown, dial: Dial): Result<OpenTarget, TargetFailure>
}

/** Thrown inside `discover`, whose iteration cannot return a refusal. */
export class TargetError extends Error {
  readonly failure: TargetFailure
  constructor(failure: TargetFailure) {
    super(failure.code)
    this.failure = failure
  }
}

/** Closes over the settings type, so that the rest of the server handles every kind alike, with no cast and no `if (kind === …)`. */
export function defineTargetKind<S extends { host: string; port: number }>(spec: TargetKindSpec<S>): TargetKind {
  const { discover, rotate, closeOthers, verify, identify } = spec
  const wire = spec.wire && { wire: spec.wire }
  const capabilities = Object.entries({ discover, rotate, closeOthers, verify, connect: spec.wire }).flatMap(([name, fn]) =>
    fn ? [name] : [],
  )
  return {
    name: spec.name,
    credentialKinds: spec.credentialKinds,
    capabilities,
    settings: describeSettings(spec.settings),
    ...wire,
    open(raw, dial) {
      const parsed = spec.settings.safeParse(raw)
      if (!parsed.success)
        return fail({ code: 'target.settings_invalid', issues: parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`) })
      const s = parsed.data
      return ok({
        kind: spec.name,
        ...wire,
        address: { host: s.host, port: s.port },
        identify: () => identify(s, dial),
        ...(discover && { discover: (identity: PinnedIdentity, as: Login) => discover(s, identity, as, dial) }),
        ...(rotate && {
          rotate: (identity: PinnedIdentity, as: Login, account: string, next: Credential) => rotate(s, identity, as, account, next, dial),
        }),
        ...(closeOthers && {
          closeOthers: (identity: PinnedIdentity, as: Login, account: string, keep: Credential) =>
            closeOthers(s, identity, as, account, keep, dial),
        }),
        verify: (identity: PinnedIdentity, login: Login) => verify(s, identity, login, dial),
      } satisfies OpenTarget)
    },
  }
}

export { explainTargetFailure, type TargetFailure } from './failures.ts'
