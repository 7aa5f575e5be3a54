import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { inventory } from '@claviger/api'
import pg from 'pg'
import { plainSsh } from '../../support/ssh.ts'
import type { World } from '../world.ts'
import type { Loss } from './loss.ts'
import { currentCredentials, type VaultedCredential } from './vault.ts'

/** Credentials in the vault with which nobody gets into their target any more: a fresh login with each, straight at the target. */
export async function lostCredentials(world: World): Promise<Loss[]> {
  const vaulted = await currentCredentials(world.claviger)
  const tried = await Promise.all(
    world.accounts.flatMap((account) =>
      account.credentials.map(async ({ kind }): Promise<Loss[]> => {
        const what = `${kind} of ${account.name}@${account.target.name}`
        const found = vaulted.find((v) => v.account === account.id && v.kind === kind)
        if (!found) return [{ kind: 'credential', what, why: 'the vault has none' }]
        if (found.text === undefined) return [{ kind: 'credential', what, why: `version ${found.version} does not open` }]
        const why = await refusal(world, account, found)
        return why === undefined ? [] : [{ kind: 'credential', what: `${what}, version ${found.version}`, why }]
      }),
    ),
  )
  return tried.flat()
}

/** Why the target does not let in; undefined when it does. */
async function refusal(
  { claviger }: World,
  account: inventory.Account,
  { kind, text = '' }: VaultedCredential,
): Promise<string | undefined> {
  if (account.target.name === 'orders-db') {
    const client = new pg.Client({
      ...{ host: '127.0.0.1', port: claviger.ports.database, database: 'postgres' },
      ...{ user: account.name, password: text, connectionTimeoutMillis: 60_000 },
    })
    return await client
      .connect()
      .then(
        () => undefined,
        (error: Error) => error.message,
      )
      .finally(() => client.end().catch(() => undefined))
  }
  const file = join(claviger.work, `key-${account.id}`)
  if (kind === 'ssh-key') writeFileSync(file, text, { mode: 0o600 })
  const way = kind === 'ssh-key' ? 'publickey' : 'password,keyboard-interactive'
  const options = {
    ...{ StrictHostKeyChecking: 'no', UserKnownHostsFile: '/dev/null', LogLevel: 'ERROR', NumberOfPasswordPrompts: '1' },
    ...{ PreferredAuthentications: way, IdentitiesOnly: 'yes', IdentityFile: kind === 'ssh-key' ? file : 'none' },
  }
  const args = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`])
  const ssh = plainSsh(claviger.work, ['-p', `${claviger.ports.web01}`, ...args, `${account.name}@127.0.0.1`, 'true'], text, 120)
  ssh.child.stdin?.end()
  return (await ssh.ended) === 0 ? undefined : ssh.said().trim().slice(-200)
}
