import { ok } from '../../kernel/result.ts'
import { type Dial, type FoundAccount, type Login, type PinnedIdentity, TargetError } from '../contract.ts'
import { type AclUser, parseAclLine } from './acl.ts'
import { onServer } from './connect.ts'
import type { RedisSettings } from './settings.ts'
import { readUsers } from './users.ts'

const patience = 30_000
const shown = 6

/** The users that may reach the server itself or other users, and those that open without a password. */
export async function* discover(settings: RedisSettings, identity: PinnedIdentity, as: Login, dial: Dial): AsyncGenerator<FoundAccount> {
  const lines = await onServer(settings, identity, as, dial, patience, async (client) => ok(await readUsers(client)))
  if (!lines.ok) throw new TargetError(lines.error)
  for (const line of lines.value) {
    const user = parseAclLine(line)
    if (user && (user.powers.length > 0 || (user.nopass && user.on))) yield toAccount(user)
  }
}

function toAccount({ name, on, nopass, passwords, powers }: AclUser): FoundAccount {
  const more = powers.length > shown ? [`and ${powers.length - shown} more commands`] : []
  return {
    name,
    category: 'database',
    privileges: [
      ...powers.slice(0, shown).map((command) => `+${command}`),
      ...more,
      ...(nopass ? ['no password'] : []),
      ...(passwords > 1 ? [`${passwords} passwords`] : []),
    ],
    credentials: passwords > 0 ? ['password'] : [],
    canLogIn: on && (nopass || passwords > 0),
  }
}
