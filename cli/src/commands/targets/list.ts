import { call, inventory } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { collectPages } from '../pages.ts'
import { tierStyle } from '../words.ts'

export const targetsList: CommandFile = (cli, act) =>
  cli
    .command('targets')
    .summary('the systems that are protected')
    .description('Lists the targets with kind, tier and address. The subcommands add and change them.')
    .option('--search <text>', 'only those with this in name or address')
    .addOption(new Option('--tier <tier>', '0 critical, 1 high, 2 standard, 3 low').choices(['0', '1', '2', '3']))
    .addOption(new Option('--environment <environment>').choices(['production', 'staging', 'development', 'lab']))
    .addHelpText(
      'after',
      examples({
        'claviger targets': 'all of them',
        'claviger targets --search db --tier 0': 'critical ones that are called something with db',
        'claviger targets discover web01': 'look for privileged accounts there now',
      }),
    )
    .action(act(run))

interface Options extends GlobalOptions {
  search?: string
  tier?: string
  environment?: 'production' | 'staging' | 'development' | 'lab'
}

const run: Run<Options> = async (shell, { search, tier, environment }) => {
  const { print } = shell
  const query = { limit: 500, ...(search && { search }), ...(tier !== undefined && { tier }), ...(environment && { environment }) }
  const targets = await collectPages(async (after, soFar) => {
    const asked = call(shell.server, inventory.targets, { query: { ...query, ...(after && { after }) } })
    const page = await shell.get(asked, `Listing targets, ${soFar} so far`)
    return { rows: page.targets, next: page.next }
  })
  print.answer({ targets }, () =>
    print.table(
      [
        { title: 'TARGET', value: (t) => t.name, style: () => 'bold' },
        { title: 'KIND', value: (t) => t.kind },
        { title: 'TIER', value: (t) => t.tierLabel, style: tierStyle },
        { title: 'ENVIRONMENT', value: (t) => t.environment },
        { title: 'ADDRESS', value: (t) => t.address },
        { title: 'ACCOUNTS', value: (t) => String(t.accounts) },
        { title: 'SEARCHED', value: (t) => print.time(t.lastDiscovery) },
      ],
      targets,
      'There are no targets yet. Add one: claviger targets add --help',
    ),
  )
}
