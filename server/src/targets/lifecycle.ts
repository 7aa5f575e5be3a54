import type { Result } from '../kernel/result.ts'
import type { TargetFailure } from './failures.ts'
import type { Credential, Dial, Login, PinnedIdentity } from './terms.ts'

type Done = Promise<Result<void, TargetFailure>>
type Act<S> = (target: S, identity: PinnedIdentity, as: Login, account: string, dial: Dial) => Done

/**
 * Named accounts from their making to their end, done as `as`. Each act is safe to repeat: twice is as good as once. What the
 * target lacks is left out. An account that is not there: `target.account_gone`, but for `remove` and `closeSessions`, which
 * then have nothing to do and are done.
 */
export interface Lifecycle<S> {
  /** Nobody can log in to the account any more, by any credential. What it owns and what runs goes on: see `closeSessions`. */
  readonly disable?: Act<S>
  /** Takes `disable` back, and nothing else: its credentials are what they were. */
  readonly enable?: Act<S>
  /** Makes an account without any right, which `credential` opens. One that is there already keeps its rights and gets the credential. */
  readonly create?: (target: S, identity: PinnedIdentity, as: Login, account: string, credential: Credential, dial: Dial) => Done
  /** Deletes the account. One that others depend on (it owns what would go with it) is `target.not_permitted`, and stays. */
  readonly remove?: Act<S>
  /** Ends every session of the account on the target, but never the one that asks. */
  readonly closeSessions?: Act<S>
}

/** The same of one open target. */
export interface OpenLifecycle {
  disable?(identity: PinnedIdentity, as: Login, account: string): Done
  enable?(identity: PinnedIdentity, as: Login, account: string): Done
  create?(identity: PinnedIdentity, as: Login, account: string, credential: Credential): Done
  remove?(identity: PinnedIdentity, as: Login, account: string): Done
  closeSessions?(identity: PinnedIdentity, as: Login, account: string): Done
}

/** Closes over settings and dialer. */
export function openLifecycle<S>({ disable, enable, create, remove, closeSessions }: Lifecycle<S>, target: S, dial: Dial): OpenLifecycle {
  const opened = (act: Act<S>) => (identity: PinnedIdentity, as: Login, account: string) => act(target, identity, as, account, dial)
  return {
    ...(disable && { disable: opened(disable) }),
    ...(enable && { enable: opened(enable) }),
    ...(create && { create: (identity, as, account, credential) => create(target, identity, as, account, credential, dial) }),
    ...(remove && { remove: opened(remove) }),
    ...(closeSessions && { closeSessions: opened(closeSessions) }),
  }
}
