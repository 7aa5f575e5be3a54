import type { Result } from '../kernel/result.ts'
import type { TargetFailure } from './failures.ts'
import type { Credential, Dial, Login, PinnedIdentity } from './terms.ts'

/*
 * Terminology
 *
 * - dependent: what uses an account's credential on some host, and has to hear of a new one
 * - host: the target on which it lives, which is another one than the account's as often as not
 */

/** How the credential stands in a file: as it is, or written for what surrounds it. */
export const spellings = ['plain', 'json', 'shell', 'url'] as const
export type Spelling = (typeof spellings)[number]

/** What is done on the host, in this order; each is optional, and at least one of the first three is there. */
export interface TellHow {
  /**
   * A file that holds the credential. `line` is the line that does, with `{secret}` where it stands: `DB_PASSWORD={secret}`. Exactly one line of
   * the file must be like it; left out, the credential is the whole file. The file must be there: its owner and mode stay.
   */
  file?: { path: string; line?: string; as: Spelling }
  /** A command for /bin/sh that gets the credential on its standard input; it ends with status 0 when it took it. `user`: as whom, else as we are there. */
  run?: { command: string; user?: string }
  /** A systemd unit that is restarted, and must be active for three seconds after that. */
  unit?: string
  /** A command without the credential that ends with status 0 when all is well. */
  check?: string
}

export interface Told {
  /** Whether the file was another one before. */
  changed: boolean
}

export interface TellDependents<S> {
  /** Looks whether all of that can be done, and changes nothing: the line is in the file, the unit is known. */
  readonly look: (target: S, identity: PinnedIdentity, as: Login, how: TellHow, dial: Dial) => Promise<Result<void, TargetFailure>>
  /** Does it, and proves each step. Twice is as good as once; only the commands and the restart happen again. */
  readonly tell: (
    target: S,
    identity: PinnedIdentity,
    as: Login,
    how: TellHow,
    credential: Credential,
    dial: Dial,
  ) => Promise<Result<Told, TargetFailure>>
}

/** The same of one open target. */
export interface OpenDependents {
  look(identity: PinnedIdentity, as: Login, how: TellHow): Promise<Result<void, TargetFailure>>
  tell(identity: PinnedIdentity, as: Login, how: TellHow, credential: Credential): Promise<Result<Told, TargetFailure>>
}

export const openDependents = <S>({ look, tell }: TellDependents<S>, target: S, dial: Dial): OpenDependents => ({
  look: (identity, as, how) => look(target, identity, as, how, dial),
  tell: (identity, as, how, credential) => tell(target, identity, as, how, credential, dial),
})
