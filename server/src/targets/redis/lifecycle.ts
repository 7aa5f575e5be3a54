import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Credential, Dial, Lifecycle, Login, PinnedIdentity, TargetFailure } from '../contract.ts'
import { onServer } from './connect.ts'
import { credentialRefused } from './failures.ts'
import { passwordRules } from './rotate.ts'
import type { RedisSettings } from './settings.ts'
import { changeUser, keep, keepingOf, nameProblem, userIsThere } from './users.ts'

const patience = 15_000

const turn =
  (how: 'on' | 'off') =>
  (settings: RedisSettings, identity: PinnedIdentity, as: Login, account: string, dial: Dial): Promise<Result<void, TargetFailure>> =>
    onServer(settings, identity, as, dial, patience, (client) => changeUser(client, account, how))

async function create(
  settings: RedisSettings,
  identity: PinnedIdentity,
  as: Login,
  account: string,
  credential: Credential,
  dial: Dial,
): Promise<Result<void, TargetFailure>> {
  const rules = await passwordRules(credential)
  if (!rules) return credentialRefused('Redis users have passwords')
  return onServer(settings, identity, as, dial, patience, async (client) => {
    const problem = nameProblem(account)
    if (!problem.ok) return problem
    if (await userIsThere(client, account)) return changeUser(client, account, ...rules)
    const keeping = await keepingOf(client)
    if (!keeping.ok) return keeping
    await client.call('ACL', 'SETUSER', account, 'reset', 'on', ...rules)
    await keep(client, keeping.value)
    return ok(undefined)
  })
}

/** Redis ends the connections of a user that it deletes. */
const remove = (
  settings: RedisSettings,
  identity: PinnedIdentity,
  as: Login,
  account: string,
  dial: Dial,
): Promise<Result<void, TargetFailure>> =>
  onServer(settings, identity, as, dial, patience, async (client) => {
    if (account === 'default')
      return fail({ code: 'target.not_permitted', detail: 'the user default cannot be deleted; disable it instead' })
    const keeping = await keepingOf(client)
    if (!keeping.ok) return keeping
    if (await userIsThere(client, account)) await client.call('ACL', 'DELUSER', account)
    await keep(client, keeping.value)
    return ok(undefined)
  })

const closeSessions = (
  settings: RedisSettings,
  identity: PinnedIdentity,
  as: Login,
  account: string,
  dial: Dial,
): Promise<Result<void, TargetFailure>> =>
  onServer(settings, identity, as, dial, patience, async (client) => {
    await client.call('CLIENT', 'KILL', 'USER', account, 'SKIPME', 'yes').catch((error: Error) => {
      if (!/No such user/i.test(error.message)) throw error
    })
    return ok(undefined)
  })

export const lifecycle: Lifecycle<RedisSettings> = { disable: turn('off'), enable: turn('on'), create, remove, closeSessions }
