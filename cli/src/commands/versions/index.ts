import { versions as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { versionsDestroy } from './destroy.ts'
import { versionsKeep } from './keep.ts'
import { sayKept } from './say-kept.ts'

/** `claviger versions` says how long versions that were replaced are kept; its subcommands change that and destroy. */
export const versions: CommandFile = (cli, act) => {
  const group = cli
    .command('versions')
    .summary('how long versions of credentials that were replaced are kept')
    .description(
      'Says how many versions that were replaced are kept, and for how long. Which versions an account has is in: claviger accounts show.',
    )
    .addHelpText('after', examples({ 'claviger versions': 'what is kept' }))
    .action(act(show))
  for (const command of [versionsKeep, versionsDestroy]) command(group, act)
  return group
}

const show: Run<GlobalOptions> = async (shell) => {
  const { print } = shell
  const policy = await shell.get(call(shell.server, api.versionPolicy))
  print.answer(policy, () => print.line(sayKept(policy)))
}
