/*
 * Terminology
 *
 * - target kind: a sort of system we manage (postgres, linux-ssh); one folder beside this file
 * - target: one such system, described by the settings of its kind and by its pinned identity
 * - login: the name and credential that we ourselves use on the target
 * - capability: something a kind can do; a kind leaves out what it cannot do, and never fakes it
 * - identity: what the target must prove before it hears a credential (host key, certificate, SCRAM server signature)
 * - own change: an account changes its own credential in the protocol's own way, showing the old one
 * - lifecycle: what can be done to an account itself: disable, enable, create, remove, end its sessions
 */
import type { z } from 'zod'
import type { CredentialKind as KeptKind, ProofKind } from '../kernel/credential-kinds.ts'
import type { PasswordRules } from '../kernel/password-rules.ts'
import { fail, ok, type Result } from '../kernel/result.ts'
import type { AccountCategory } from '../kernel/tier.ts'
import { type OpenAuthority, openAuthority, type TrustAuthority } from './authority.ts'
import { type OpenDependents, openDependents, type TellDependents } from './dependents.ts'
import { type DescribedSetting, describeSettings } from './describe-settings.ts'
import type { TargetFailure } from './failures.ts'
import { type Lifecycle, type OpenLifecycle, openLifecycle } from './lifecycle.ts'
import type { Credential, CredentialKind, Dial, Login, PinnedIdentity } from './terms.ts'

/** The protocols that gateways carry. */
export type Wire = 'ssh' | 'postgres' | 'mysql'

/** What proves an account and comes from people: whoever certifies makes it. */
export type BroughtKind = Exclude<ProofKind, CredentialKind>

export interface FoundAccount {
  name: string
  category: AccountCategory
  /** Why it is privileged, in the field's words: `superuser`, `createrole`, `uid 0`, `sudo`, `member of app_admin`. Never empty. */
  privileges: readonly string[]
  /** Which credentials exist on the target now. */
  credentials: readonly CredentialKind[]
  /** The login that looked is not let to see which there are: these are what such an account usually has. */
  assumed?: true
  /** Public SSH keys that open it today, as fingerprints `SHA256:…` with their comment. */
  authorisedKeys?: readonly { fingerprint: string; comment: string }[]
  canLogIn: boolean
}

/** A login on a target: with which account, from which address (`local` on the target itself), with which program as it calls itself. */
export interface SeenLogin {
  account: string
  address: string
  program: string
  /** How long ago it began, by the target's own clock; ours may be another. */
  agoMs: number
  /** Logged in now; else it was read in what the target wrote down. */
  still: boolean
  /** From the address from which the target sees us: ourselves, or who shares it with us. */
  ours: boolean
}

/** What came of setting a new credential. */
export interface Changed {
  /** Until then the target may go on accepting the one before, and no earlier one (Active Directory does, for an hour). Left out: it is dead at once. */
  oldValidUntil?: Date
}
/** One of several accounts, and the credential that it gets. */
export interface Change {
  account: string
  next: Credential
}
/** A kind that has nothing to add to "it is set" answers nothing. */
type ChangeResult = Result<Changed, TargetFailure> | Result<void, TargetFailure>

export interface TargetKindSpec<S> {
  readonly name: string
  readonly settings: z.ZodType<S>
  /** Which gateway carries sessions to it. A kind without one can be vaulted and rotated only. */
  readonly wire?: Wire
  readonly credentialKinds: readonly CredentialKind[]
  /** What logs in there as well and is brought in by people: nothing here makes the next one. Left out: nothing. */
  readonly broughtKinds?: readonly BroughtKind[]
  /** What its passwords can be at most. Left out where it has none. */
  readonly passwordRules?: PasswordRules

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
  readonly rotate?: (target: S, identity: PinnedIdentity, as: Login, account: string, next: Credential, dial: Dial) => Promise<ChangeResult>

  /**
   * The same for several accounts at one login: for targets where each login, or each change, costs much. Answers for each, in their order; a
   * login that is refused is the answer for all. Left out: `rotate` is called for each.
   */
  readonly rotateMany?: (
    target: S,
    identity: PinnedIdentity,
    as: Login,
    changes: readonly Change[],
    dial: Dial,
  ) => Promise<readonly ChangeResult[]>

  /**
   * Sets a new credential for the account of `current` in the protocol's own way for that, which needs no right over others and
   * shows the old credential. For targets where this is another act than `rotate` logged in as the account itself. A target
   * may refuse it too soon after the last change. Twice with the same `next`: the second is `target.login_refused`, since
   * `current` is not current any more; `verify` then tells.
   */
  readonly changeOwn?: (target: S, identity: PinnedIdentity, current: Login, next: Credential, dial: Dial) => Promise<ChangeResult>

  readonly lifecycle?: Lifecycle<S>

  /**
   * Lists who is logged in at this moment, or who logged in during the last day where the target wrote it down; at most some thousands. What it
   * cannot know it does not leave out unsaid: who is not let to see all logins is refused. Nothing is changed.
   */
  readonly logins?: (target: S, identity: PinnedIdentity, as: Login, dial: Dial) => Promise<Result<readonly SeenLogin[], TargetFailure>>

  /** For hosts: gives a new credential of any account to what uses it there. */
  readonly dependents?: TellDependents<S>

  /** For hosts that let in by certificates of an SSH authority. */
  readonly authority?: TrustAuthority<S>

  /** Removes every other way in of the same credential kind (old keys). Safe to repeat. Answers what it removed, as fingerprints. */
  readonly closeOthers?: (
    target: S,
    identity: PinnedIdentity,
    as: Login,
    account: string,
    keep: Credential,
    dial: Dial,
  ) => Promise<Result<readonly string[], TargetFailure>>

  /**
   * Logs in afresh and out again: ok when the credential works, `target.login_refused` when the target says no to it,
   * `target.account_locked` where it tells that the account is what it refuses. At most 15 s.
   */
  readonly verify: (target: S, identity: PinnedIdentity, login: Login, dial: Dial) => Promise<Result<void, TargetFailure>>
}

/** A target of any kind with its settings parsed: what domains work with. A capability that it lacks is absent. */
export interface OpenTarget {
  readonly kind: string
  readonly wire?: Wire
  readonly passwordRules?: PasswordRules
  readonly address: { host: string; port: number }
  identify(): Promise<Result<PinnedIdentity, TargetFailure>>
  discover?(identity: PinnedIdentity, as: Login): AsyncIterable<FoundAccount>
  rotate?(identity: PinnedIdentity, as: Login, account: string, next: Credential): Promise<Result<Changed, TargetFailure>>
  rotateMany?(identity: PinnedIdentity, as: Login, changes: readonly Change[]): Promise<readonly Result<Changed, TargetFailure>[]>
  changeOwn?(identity: PinnedIdentity, current: Login, next: Credential): Promise<Result<Changed, TargetFailure>>
  readonly lifecycle?: OpenLifecycle
  readonly dependents?: OpenDependents
  readonly authority?: OpenAuthority
  logins?(identity: PinnedIdentity, as: Login): Promise<Result<readonly SeenLogin[], TargetFailure>>
  closeOthers?(identity: PinnedIdentity, as: Login, account: string, keep: Credential): Promise<Result<readonly string[], TargetFailure>>
  verify(identity: PinnedIdentity, login: Login): Promise<Result<void, TargetFailure>>
}

export interface TargetKind {
  readonly name: string
  readonly wire?: Wire
  /** False of kinds that only keep what people bring in: `open` answers `target.not_reached`. */
  readonly reached: boolean
  readonly credentialKinds: readonly KeptKind[]
  /** What people may bring in of an account there. */
  readonly broughtKinds: readonly KeptKind[]
  /** Each by the name of its member; those of the lifecycle by their own. */
  readonly capabilities: readonly string[]
  readonly passwordRules?: PasswordRules
  /** What its settings are, for a form. */
  readonly settings: readonly DescribedSetting[]
  open(settings: unknown, dial: Dial): Result<OpenTarget, TargetFailure>
  /** Whether the settings are right, and where the target is by them. */
  check(settings: unknown): Result<{ address: string }, TargetFailure>
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
  const { discover, rotate, rotateMany, changeOwn, lifecycle, dependents, authority, logins, closeOthers, verify, identify } = spec
  const about = { ...(spec.wire && { wire: spec.wire }), ...(spec.passwordRules && { passwordRules: spec.passwordRules }) }
  const can = {
    discover,
    rotate,
    changeOwn,
    closeOthers,
    verify,
    ...lifecycle,
    tell: dependents?.tell,
    trust: authority?.trust,
    logins,
    connect: spec.wire,
  }
  const parse = (raw: unknown) => parseSettings(spec.settings, raw)
  return {
    name: spec.name,
    reached: true,
    credentialKinds: spec.credentialKinds,
    broughtKinds: spec.broughtKinds ?? [],
    capabilities: Object.entries(can).flatMap(([name, fn]) => (fn ? [name] : [])),
    settings: describeSettings(spec.settings),
    ...about,
    open(raw, dial) {
      const parsed = parse(raw)
      if (!parsed.ok) return parsed
      const s = parsed.value
      return ok({
        kind: spec.name,
        ...about,
        address: { host: s.host, port: s.port },
        identify: () => identify(s, dial),
        ...(discover && { discover: (identity: PinnedIdentity, as: Login) => discover(s, identity, as, dial) }),
        ...(rotate && {
          rotate: async (identity: PinnedIdentity, as: Login, account: string, next: Credential) =>
            changed(await rotate(s, identity, as, account, next, dial)),
        }),
        ...(rotateMany && {
          rotateMany: async (identity: PinnedIdentity, as: Login, changes: readonly Change[]) =>
            (await rotateMany(s, identity, as, changes, dial)).map(changed),
        }),
        ...(changeOwn && {
          changeOwn: async (identity: PinnedIdentity, current: Login, next: Credential) =>
            changed(await changeOwn(s, identity, current, next, dial)),
        }),
        ...(lifecycle && { lifecycle: openLifecycle(lifecycle, s, dial) }),
        ...(logins && { logins: (identity: PinnedIdentity, as: Login) => logins(s, identity, as, dial) }),
        ...(dependents && { dependents: openDependents(dependents, s, dial) }),
        ...(authority && { authority: openAuthority(authority, s, dial) }),
        ...(closeOthers && {
          closeOthers: (identity: PinnedIdentity, as: Login, account: string, keep: Credential) =>
            closeOthers(s, identity, as, account, keep, dial),
        }),
        verify: (identity: PinnedIdentity, login: Login) => verify(s, identity, login, dial),
      } satisfies OpenTarget)
    },
    check(raw) {
      const parsed = parse(raw)
      return parsed.ok ? ok({ address: `${parsed.value.host}:${parsed.value.port}` }) : parsed
    },
  }
}

/**
 * A kind of target that Claviger does not reach: it keeps what people bring in, and shows it under a grant. Nothing is found, set or tried there, so there
 * is nothing else to say of it.
 */
export function defineUnreachedKind<S extends { host?: string | undefined }>(spec: {
  readonly name: string
  readonly settings: z.ZodType<S>
  readonly credentialKinds: readonly KeptKind[]
}): TargetKind {
  const { name, credentialKinds, settings } = spec
  return {
    ...{ name, credentialKinds, broughtKinds: credentialKinds, reached: false, capabilities: [], settings: describeSettings(settings) },
    open(raw) {
      const parsed = parseSettings(settings, raw)
      return parsed.ok ? fail({ code: 'target.not_reached', kind: name }) : parsed
    },
    check(raw) {
      const parsed = parseSettings(settings, raw)
      return parsed.ok ? ok({ address: parsed.value.host ?? '' }) : parsed
    },
  }
}

function parseSettings<S>(schema: z.ZodType<S>, raw: unknown): Result<S, TargetFailure> {
  const parsed = schema.safeParse(raw)
  return parsed.success
    ? ok(parsed.data)
    : fail({ code: 'target.settings_invalid', issues: parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`) })
}

const changed = (result: ChangeResult): Result<Changed, TargetFailure> =>
  result.ok ? ok(typeof result.value === 'object' ? result.value : {}) : result

export type { CharacterClass, PasswordRules } from '../kernel/password-rules.ts'
export type { AuthorityToTrust, OpenAuthority, TrustAuthority } from './authority.ts'
export { type OpenDependents, type Spelling, spellings, type TellDependents, type TellHow, type Told } from './dependents.ts'
export { explainTargetFailure, type TargetFailure } from './failures.ts'
export type { Lifecycle, OpenLifecycle } from './lifecycle.ts'
export type { Credential, CredentialKind, Dial, Login, PinnedIdentity } from './terms.ts'
