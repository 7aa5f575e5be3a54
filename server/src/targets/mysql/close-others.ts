import { ok, type Result } from '../../kernel/result.ts'
import type { Credential, Dial, Login, PinnedIdentity, TargetFailure } from '../contract.ts'
import { entriesOf, isMariadb, named } from './entries.ts'
import { onServer } from './login.ts'
import type { MysqlSettings } from './settings.ts'

const patience = 15_000

/** Discards the old password that MySQL keeps beside the new one. MariaDB keeps none: there is nothing to close. */
export const closeOthers = (
  settings: MysqlSettings,
  identity: PinnedIdentity,
  as: Login,
  account: string,
  _keep: Credential,
  dial: Dial,
): Promise<Result<readonly string[], TargetFailure>> =>
  onServer(settings, identity, as, dial, patience, async (client) => {
    if (isMariadb(client)) return ok([])
    const entries = await entriesOf(client, account, as.account)
    if (!entries.ok) return entries
    await client.query(`alter user ${entries.value.map((entry) => `${named(entry)} discard old password`).join(', ')}`)
    return ok([])
  })
