import type { CommandFile } from '../../kit/command.ts'
import { credentialsPut } from './put.ts'
import { credentialsReport } from './report.ts'

/** `claviger credentials`: what the credentials in the vault are like, and those that people bring in. They are never shown here. */
export const credentials: CommandFile = (cli, act) => {
  const group = cli
    .command('credentials')
    .summary('bring in credentials, and see what those in the vault are like')
    .description(
      'Brings in credentials that Claviger does not make itself, and looks at those in the vault by what is kept beside them. None is opened or shown.',
    )
  credentialsPut(group, act)
  credentialsReport(group, act)
  return group
}
