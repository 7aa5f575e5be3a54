import type { Result } from '../../kernel/result.ts'
import { storedPassword } from '../../protocols/redis/index.ts'
import type { Credential, Dial, Login, PinnedIdentity, TargetFailure } from '../contract.ts'
import { onServer } from './connect.ts'
import { credentialRefused } from './failures.ts'
import type { RedisSettings } from './settings.ts'
import { changeUser } from './users.ts'

const patience = 15_000
const longest = 512

/** The rules that make `next` the one password of a user; undefined when it cannot be one. Redis hears its hash alone. */
export async function passwordRules(next: Credential): Promise<string[] | undefined> {
  if (next.kind !== 'password') return undefined
  const stored = await next.secret.lend('set-on-target', (bytes) =>
    bytes.length > 0 && bytes.length <= longest ? storedPassword(bytes) : undefined,
  )
  return stored === undefined ? undefined : ['resetpass', stored]
}

/**
 * Sets a user's one password by its hash, made here, and has the server write its users down. Other passwords of the user are
 * dropped in the same step. Connections that are open go on.
 */
export async function rotate(
  settings: RedisSettings,
  identity: PinnedIdentity,
  as: Login,
  account: string,
  next: Credential,
  dial: Dial,
): Promise<Result<void, TargetFailure>> {
  const rules = await passwordRules(next)
  if (!rules) return credentialRefused(`Redis users have passwords of 1 to ${longest} bytes`)
  return onServer(settings, identity, as, dial, patience, (client) => changeUser(client, account, ...rules))
}
