import { call, rotation } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { findAccount } from '../find.ts'

interface Options extends GlobalOptions {
  reason: string
}

export const accountsHold: CommandFile = (cli, act) =>
  cli
    .command('hold <account@target>')
    .summary('let nobody in with an account until it is released')
    .description('Ends the grants and sessions of an account at once; nobody gets in with it until an administrator releases it.')
    .requiredOption('--reason <text>', 'why; it stands in the audit log')
    .addHelpText('after', examples({ 'claviger accounts hold root@web01 --reason "under investigation"': 'nobody gets in' }))
    .action(act(run))

const run: Run<Options> = async (shell, { reason }, name = '') => {
  const { print } = shell
  const { id } = await findAccount(shell, name)
  const done = await shell.get(call(shell.server, rotation.holdAccount, { params: { id }, body: { reason } }))
  print.answer(done, () => {
    print.line(`${name} is held: nobody gets in with it.`, 'green')
    print.next(`claviger accounts release ${name} --reason TEXT`)
  })
}
