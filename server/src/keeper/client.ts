import type { Result } from '../kernel/result.ts'
import type { Secret } from '../kernel/secret.ts'
import type { AnswerOf, ArgsOf, KeeperRefusal, Operation } from './contract.ts'

/** The keeper as the other processes see it. Calls are answered in any order; the connection comes back by itself after the keeper was restarted. */
export interface Keeper {
  /** Asks for one operation. A keeper that is away is a refusal `keeper.unreachable`, not an exception. */
  ask<O extends Operation>(
    operation: O,
    args: ArgsOf<O>,
    payload?: Secret,
  ): Promise<Result<AnswerOf<O> & { payload?: Secret }, KeeperRefusal>>
  /** Keys of this role, given at the handshake: `entry` authenticates ledger entries, `role` is for whatever the role hashes (sign-in tokens). */
  keys(): { entry: Uint8Array; role: Uint8Array }
  readonly origin: string
  close(): Promise<void>
}
