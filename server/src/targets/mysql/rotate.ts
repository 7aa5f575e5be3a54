import type { Result } from '../../kernel/result.ts'
import type { Credential, Dial, Login, PinnedIdentity, TargetFailure } from '../contract.ts'
import { entriesOf } from './entries.ts'
import { onServer } from './login.ts'
import { setPassword } from './set-password.ts'
import type { MysqlSettings } from './settings.ts'

const patience = 15_000

/**
 * Sets the password of every entry of a user name. As a hash, the server and its logs never see the password. Twice with the
 * same `next` is as good as once. Sessions that are open go on.
 */
export const rotate = (
  settings: MysqlSettings,
  identity: PinnedIdentity,
  as: Login,
  account: string,
  next: Credential,
  dial: Dial,
): Promise<Result<void, TargetFailure>> =>
  onServer(settings, identity, as, dial, patience, async (client) => {
    const entries = await entriesOf(client, account, as.account)
    return entries.ok ? setPassword(client, entries.value, next, settings) : entries
  })
