import { access, call, inventory } from '@claviger/api'
import { CliError } from '../kit/exit.ts'
import type { Shell } from '../kit/shell.ts'

/** The one account that somebody means who names a target alone: of their running grants, else of the accounts that can be asked for. */
export async function onlyAccountOf(shell: Shell, target: string): Promise<string> {
  const { name } = shell.signedIn
  const { grants } = await shell.get(call(shell.server, access.grants, { query: { state: 'active', limit: 500 } }))
  const mine = grants.filter((g) => g.person.name === name && g.target === target && Date.parse(g.endsAt) > Date.now())
  const granted = [...new Set(mine.map((g) => g.account))]
  if (granted.length === 1) return `${granted[0]}@${target}`
  const possible = granted.length > 1 ? granted : await managedAccounts(shell, target)
  if (possible.length === 1) return `${possible[0]}@${target}`
  if (possible.length === 0)
    throw new CliError('usage', `There is no account on ${target} that you could use, or no such target.`, 'claviger accounts')
  const choices = possible.slice(0, 8).map((account) => `${account}@${target}`)
  throw new CliError('usage', `Say which account you mean: ${choices.join(', ')}.`, `claviger connect ${choices[0]}`)
}

async function managedAccounts(shell: Shell, target: string): Promise<string[]> {
  const { accounts } = await shell.get(call(shell.server, inventory.accounts, { query: { target, limit: 500 } }))
  return accounts.filter((a) => a.target.name === target && a.state === 'managed').map((a) => a.name)
}
