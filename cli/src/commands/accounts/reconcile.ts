import { call, rotation } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { findAccount } from '../find.ts'

interface Options extends GlobalOptions {
  reason: string
}

export const accountsReconcile: CommandFile = (cli, act) =>
  cli
    .command('reconcile <account@target>')
    .summary('reset an account whose credential is not known, by another one')
    .description(
      'Sets a new credential with another privileged account of the target, and proves it: where somebody changed it on the target itself. By the reconciler of the target, else by the account that manages it.',
    )
    .option('--reason <text>', 'why; it stands in the audit log', 'its credential is not known')
    .addHelpText('after', examples({ 'claviger accounts reconcile root@web01': 'somebody changed it there' }))
    .action(act(run))

const run: Run<Options> = async (shell, { reason }, name = '') => {
  const { print } = shell
  const { id } = await findAccount(shell, name)
  const asked = call(shell.server, rotation.reconcileAccount, { params: { id }, body: { reason } })
  const done = await shell.get(asked, `Resetting ${name} by another account`)
  print.answer(done, () => {
    print.line(`Reset ${name}, and proven by a fresh login.`, 'green')
    if (done.held) print.next(`claviger accounts release ${name}`)
  })
}
