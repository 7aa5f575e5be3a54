import type { CommandFile } from '../../kit/command.ts'
import { passwordsPolicy } from './policy/index.ts'
import { passwordsRule } from './rule.ts'

/** `claviger passwords`: what the passwords of accounts have to be. */
export const passwords: CommandFile = (cli, act) => {
  const group = cli
    .command('passwords')
    .summary('what the passwords of accounts have to be')
    .description('Password policies, and what follows from them for one account. Passwords themselves are never shown here.')
  for (const command of [passwordsPolicy, passwordsRule]) command(group, act)
  return group
}
