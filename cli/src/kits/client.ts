import type { kits } from '@claviger/api'
import { CliError } from '../kit/exit.ts'
import type { Client, Opened } from './opened.ts'
import { psqlToTarget } from './psql-to-target.ts'
import { sshToTarget } from './ssh-to-target.ts'

type ToTarget = (account: kits.KitAccount, credentials: readonly Opened[], args: readonly string[], folder: string) => Promise<Client>

/** Which client speaks to which kind. Of others the kit shows the credential. */
const clients: Readonly<Record<string, ToTarget>> = { 'linux-ssh': sshToTarget, postgres: psqlToTarget }

export const hasClient = (kind: string): boolean => kind in clients

export async function clientFor(...[account, ...rest]: Parameters<ToTarget>): Promise<Client> {
  const toTarget = clients[account.target.kind]
  if (!toTarget) throw new CliError('usage', `There is no client here for ${account.target.kind}. See the credential instead: --show.`)
  return await toTarget(account, ...rest)
}
