import { access, call, inventory } from '@claviger/api'
import { CliError } from '../kit/exit.ts'
import type { Shell } from '../kit/shell.ts'

/** `deploy@web01` → both names. */
export function parseAccountAtTarget(text: string): { account: string; target: string } {
  if (!access.accountAtTarget.safeParse(text).success) throw new CliError('usage', `"${text}" is not ACCOUNT@TARGET.`, 'claviger accounts')
  const [account = '', target = ''] = text.split('@')
  return { account, target }
}

/** What a search takes: anything else can be no name either, and a list without it says so. */
const searchable = (name: string) => name.length > 0 && name.length <= 64 && !name.startsWith('tgt_')

export async function findTarget(shell: Shell, name: string): Promise<inventory.Target> {
  const { targets } = await shell.get(
    call(shell.server, inventory.targets, { query: { ...(searchable(name) && { search: name }), limit: 500 } }),
  )
  const target = targets.find((t) => t.name === name || t.id === name)
  if (!target) throw new CliError('usage', `There is no target ${name}, or you may not see it.`, 'claviger targets')
  return target
}

export async function findAccount(shell: Shell, text: string): Promise<inventory.Account> {
  const { account, target } = parseAccountAtTarget(text)
  const { accounts } = await shell.get(call(shell.server, inventory.accounts, { query: { target, search: account, limit: 500 } }))
  const found = accounts.find((a) => a.name === account && a.target.name === target)
  if (!found)
    throw new CliError('usage', `There is no privileged account ${text}, or you may not see it.`, `claviger accounts --target ${target}`)
  return found
}

/** The grant of the signed-in person for this account that runs now. */
export async function findGrant(shell: Shell, text: string): Promise<access.Grant | undefined> {
  const { account, target } = parseAccountAtTarget(text)
  const { grants } = await shell.get(call(shell.server, access.grants, { query: { state: 'active', limit: 500 } }))
  const { name } = shell.signedIn
  const mine = grants.filter((g) => g.person.name === name && g.account === account && g.target === target)
  return mine.find((g) => Date.parse(g.endsAt) > Date.now())
}
