import type { CommandFile } from '../../kit/command.ts'
import { credentialsReport } from './report.ts'

/** `claviger credentials`: what the credentials in the vault are like. They are never shown here. */
export const credentials: CommandFile = (cli, act) => {
  const group = cli
    .command('credentials')
    .summary('what the credentials in the vault are like')
    .description('Looks at the credentials in the vault by what is kept beside them. No credential is opened or shown.')
  credentialsReport(group, act)
  return group
}
