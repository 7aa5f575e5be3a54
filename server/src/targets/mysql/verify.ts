import { ok, type Result } from '../../kernel/result.ts'
import type { Dial, Login, PinnedIdentity, TargetFailure } from '../contract.ts'
import { onServer } from './login.ts'
import type { MysqlSettings } from './settings.ts'

const patience = 5_000 // behind at most ten seconds of connecting

/** Logs in afresh and out again. `target.login_refused` when the server says no to the password. */
export const verify = (settings: MysqlSettings, identity: PinnedIdentity, login: Login, dial: Dial): Promise<Result<void, TargetFailure>> =>
  onServer(settings, identity, login, dial, patience, async () => ok(undefined))
