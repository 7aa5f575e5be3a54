import { call, inventory } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { accountColumns } from '../accounts/columns.ts'
import { findTarget } from '../find.ts'

export const targetsDiscover: CommandFile = (cli, act) =>
  cli
    .command('discover <target>')
    .summary('look for privileged accounts now')
    .description('Logs in to the target and lists its privileged accounts: new ones, and ones that are gone.')
    .addHelpText('after', examples({ 'claviger targets discover orders-db': 'who has power there' }))
    .action(act(run))

const run: Run<GlobalOptions> = async (shell, _options, name = '') => {
  const { print } = shell
  const target = await findTarget(shell, name)
  const asked = call(shell.server, inventory.discoverTarget, { params: { id: target.id } })
  const result = await shell.get(asked, `Looking at the accounts of ${name}`)
  print.answer(result, () => {
    print.table(accountColumns(print), result.accounts, `No privileged accounts on ${name}.`)
    const gone = result.gone.length > 0 ? `, gone: ${result.gone.join(', ')}` : ''
    print.hint(`${result.found} found, ${result.added} of them new${gone}`)
    if (result.added > 0) print.next(`claviger rotate ACCOUNT@${name} takes an account over`)
  })
}
