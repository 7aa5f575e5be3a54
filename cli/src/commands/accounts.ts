import { call, inventory } from '@claviger/api'
import type { CommandFile, Run } from '../kit/command.ts'
import { examples } from '../kit/examples.ts'
import type { Printer } from '../kit/printer.ts'
import type { GlobalOptions } from '../kit/shell.ts'
import type { Column } from '../kit/table.ts'
import { stateStyle, tierStyle } from './words.ts'

interface Options extends GlobalOptions {
  target?: string
}

export const accounts: CommandFile = (cli, act) =>
  cli
    .command('accounts')
    .summary('the privileged accounts')
    .description('Lists privileged accounts: why each is privileged, its tier, and whether its credentials are ours alone (managed).')
    .option('--target <target>', 'those of one target only')
    .addHelpText('after', examples({ 'claviger accounts': 'all of them', 'claviger accounts --target web01': 'those of one target' }))
    .action(act(run))

const run: Run<Options> = async (shell, { target }) => {
  const { print } = shell
  const query = { limit: 500, ...(target !== undefined && { target }) }
  const { accounts } = await shell.get(call(shell.server, inventory.accounts, { query }))
  print.answer({ accounts }, () => {
    print.table(accountColumns(print), accounts, 'There are no accounts yet. Look for some: claviger targets discover TARGET')
    if (accounts.some((a) => a.state === 'managed')) print.next('claviger connect ACCOUNT@TARGET')
  })
}

export const accountColumns = (print: Printer): Column<inventory.Account>[] => [
  { title: 'ACCOUNT', value: (a) => `${a.name}@${a.target.name}`, style: () => 'bold' },
  { title: 'CATEGORY', value: (a) => a.category },
  { title: 'TIER', value: (a) => a.tierLabel, style: tierStyle },
  { title: 'STATE', value: (a) => a.state, style: stateStyle },
  { title: 'CREDENTIALS', value: (a) => a.credentials.map((c) => `${c.kind} v${c.version}`).join(', ') || '–' },
  { title: 'PRIVILEGES', value: (a) => a.privileges.join(', ') },
  { title: 'VERIFIED', value: (a) => print.time(newest(a.credentials.map((c) => c.verifiedAt))) },
]

const newest = (times: (string | null)[]): string | null =>
  times
    .filter((t) => t !== null)
    .sort()
    .at(-1) ?? null
