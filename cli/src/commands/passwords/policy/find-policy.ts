import { passwords as api, call } from '@claviger/api'
import { CliError } from '../../../kit/exit.ts'
import type { Shell } from '../../../kit/shell.ts'

/** An active policy by its name, or one by its id. */
export async function findPolicy(shell: Shell, name: string): Promise<api.PasswordPolicy> {
  const { policies } = await shell.get(call(shell.server, api.passwordPolicies))
  const found = policies.find((p) => p.id === name || (p.name === name && p.state === 'active'))
  if (!found) throw new CliError('usage', `There is no password policy ${name}.`, 'claviger passwords policy')
  return found
}
