import { call, inventory } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { tierStyle } from '../words.ts'

export const targetsList: CommandFile = (cli, act) =>
  cli
    .command('targets')
    .summary('the systems that are protected')
    .description('Lists the targets with kind, tier and address. The subcommands add and change them.')
    .addHelpText(
      'after',
      examples({ 'claviger targets': 'all of them', 'claviger targets discover web01': 'look for privileged accounts there now' }),
    )
    .action(act(run))

const run: Run<GlobalOptions> = async (shell) => {
  const { print } = shell
  const { targets } = await shell.get(call(shell.server, inventory.targets, { query: { limit: 500 } }))
  print.answer({ targets }, () =>
    print.table(
      [
        { title: 'TARGET', value: (t) => t.name, style: () => 'bold' },
        { title: 'KIND', value: (t) => t.kind },
        { title: 'TIER', value: (t) => t.tierLabel, style: tierStyle },
        { title: 'ENVIRONMENT', value: (t) => t.environment },
        { title: 'ADDRESS', value: (t) => t.address },
        { title: 'ACCOUNTS', value: (t) => String(t.accounts) },
        { title: 'LOOKED AT', value: (t) => print.time(t.lastDiscovery) },
      ],
      targets,
      'There are no targets yet. Add one: claviger targets add --help',
    ),
  )
}
