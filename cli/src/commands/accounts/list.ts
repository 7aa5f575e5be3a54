import { call, inventory } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { collectPages } from '../pages.ts'
import { accountColumns } from './columns.ts'

interface Options extends GlobalOptions {
  target?: string
  search?: string
  tier?: string
  state?: 'found' | 'managed' | 'held'
}

export const accountsList: CommandFile = (cli, act) =>
  cli
    .command('accounts')
    .summary('the privileged accounts')
    .description('Lists privileged accounts: why each is privileged, its tier, and whether its credentials are ours alone (managed).')
    .option('--target <target>', 'those of one target only')
    .option('--search <text>', 'only those with this in ACCOUNT@TARGET')
    .addOption(new Option('--tier <tier>', '0 critical, 1 high, 2 standard, 3 low').choices(['0', '1', '2', '3']))
    .addOption(new Option('--state <state>').choices(['found', 'managed', 'held']))
    .addHelpText(
      'after',
      examples({
        'claviger accounts': 'all of them',
        'claviger accounts --target web01': 'those of one target',
        'claviger accounts --state found --tier 0': 'critical ones that nobody took over yet',
        'claviger accounts show deploy@web01': 'everything about one',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, { target, search, tier, state }) => {
  const { print } = shell
  const only = { ...(target && { target }), ...(search && { search }), ...(tier !== undefined && { tier }), ...(state && { state }) }
  const accounts = await collectPages(async (after, soFar) => {
    const asked = call(shell.server, inventory.accounts, { query: { limit: 500, ...only, ...(after && { after }) } })
    const page = await shell.get(asked, `Listing accounts, ${soFar} so far`)
    return { rows: page.accounts, next: page.next }
  })
  print.answer({ accounts }, () => {
    const narrowed = Object.keys(only).length > 0
    print.table(
      accountColumns(print),
      accounts,
      narrowed ? 'No account is like that.' : 'There are no accounts yet. Look for some: claviger targets discover TARGET',
    )
    if (accounts.some((a) => a.state === 'managed')) print.next('claviger connect ACCOUNT@TARGET')
  })
}
