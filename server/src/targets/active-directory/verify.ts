import { ok, type Result } from '../../kernel/result.ts'
import type { Dial, Login, PinnedIdentity, TargetFailure } from '../contract.ts'
import { logIn, whileIn } from './login.ts'
import type { ActiveDirectorySettings } from './settings.ts'

/** A bind on a connection of its own, and out. One try: a second wrong one could lock the account. */
export const verify = (
  settings: ActiveDirectorySettings,
  identity: PinnedIdentity,
  login: Login,
  dial: Dial,
): Promise<Result<void, TargetFailure>> => whileIn(logIn(settings, identity, login, dial), async () => ok(undefined))
