import { call, rotation } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { findAccount } from '../find.ts'

interface Options extends GlobalOptions {
  reason: string
  codeFile?: string
}

export const accountsRelease: CommandFile = (cli, act) =>
  cli
    .command('release <account@target>')
    .summary('let a held account be used again')
    .description('Lets people in with a held account again, and tries what waits for it; for administrators, with a fresh code.')
    .requiredOption('--reason <text>', 'why; it stands in the audit log')
    .option('--code-file <file>', 'take your code from a file, or from standard input: -')
    .addHelpText('after', examples({ 'claviger accounts release root@web01 --reason "reset, and looked at"': 'it may be used again' }))
    .action(act(run))

const run: Run<Options> = async (shell, { reason, codeFile }, name = '') => {
  const { ask, print } = shell
  const { id } = await findAccount(shell, name)
  const code = await ask.hidden('Code from your authenticator', codeFile, '--code-file')
  const done = await shell.get(call(shell.server, rotation.releaseAccount, { params: { id }, body: { reason, code } }))
  print.answer(done, () => print.line(`${name} may be used again.`, 'green'))
}
