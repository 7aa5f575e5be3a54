import { call, inventory } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { findAccount } from '../find.ts'
import { codeFile } from '../people/change.ts'

interface Options extends GlobalOptions {
  end?: boolean
  reason: string
  codeFile?: string
}

export const accountsObserve: CommandFile = (cli, act) =>
  cli
    .command('observe <account@target>')
    .summary('let nothing of an account be replaced until what uses it is known')
    .description(
      'No rotation of any kind touches an observed account. Service accounts begin so when they are found. Say first what else uses it (claviger dependents add), then let it be rotated with --end.',
    )
    .option('--end', 'what uses it is known: it may be rotated')
    .requiredOption('--reason <text>', 'why; it stands in the audit log')
    .option(...codeFile)
    .addHelpText(
      'after',
      examples({ 'claviger accounts observe orders_service@orders-db --end --reason "its worker is told"': 'then type your code' }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, { end, reason, codeFile }, name = '') => {
  const { print } = shell
  const { id } = await findAccount(shell, name)
  const observe = end !== true
  const what = observe ? `Your code has ${name} observed` : `Your code lets ${name} be rotated`
  const code = (await shell.ask.hidden(what, codeFile, '--code-file')).replaceAll(' ', '')
  const done = await shell.get(call(shell.server, inventory.observeAccount, { params: { id }, body: { observe, reason, code } }))
  print.answer(done, () => {
    print.line(observe ? `${name} is observed: nothing of it is replaced.` : `${name} may be rotated.`, 'green')
    print.next(observe ? `claviger dependents add ${name}` : `claviger rotate ${name}`)
  })
}
