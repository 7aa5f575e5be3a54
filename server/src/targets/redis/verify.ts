import { ok, type Result } from '../../kernel/result.ts'
import type { Dial, Login, PinnedIdentity, TargetFailure } from '../contract.ts'
import { onServer } from './connect.ts'
import type { RedisSettings } from './settings.ts'

const patience = 7_000

/** AUTH on a fresh connection, and out. A user that is off is refused with the same words as one with another password. */
export const verify = (settings: RedisSettings, identity: PinnedIdentity, login: Login, dial: Dial): Promise<Result<void, TargetFailure>> =>
  onServer(settings, identity, login, dial, patience, async () => ok(undefined))
