import type { Keeper } from '../../keeper/client.ts'
import type { Clock } from '../../kernel/clock.ts'
import { ok, type Result } from '../../kernel/result.ts'
import type { IdentityError } from './errors.ts'

const freshMs = 3000

/** The keeper's epoch, asked for at most every few seconds. A new one voids every sign-in. */
export type Epoch = () => Promise<Result<number, IdentityError>>

export function keeperEpoch(keeper: Keeper, clock: Clock): Epoch {
  let known: { epoch: number; until: number } | undefined
  return async () => {
    if (known && clock.monotonic() < known.until) return ok(known.epoch)
    const status = await keeper.ask('status', {})
    if (!status.ok) return status
    known = { epoch: status.value.epoch, until: clock.monotonic() + freshMs }
    return ok(known.epoch)
  }
}
