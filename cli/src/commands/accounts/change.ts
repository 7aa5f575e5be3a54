import { checkOut as api, call } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { findAccount } from '../find.ts'
import { codeFile } from '../people/change.ts'

interface Options extends GlobalOptions {
  checkOut: 'exclusive' | 'shared'
  codeFile?: string
}

export const accountsChange: CommandFile = (cli, act) =>
  cli
    .command('change <account@target>')
    .summary('give an account to one person at a time, or to several')
    .description(
      'An exclusive account has one holder; the others queue, and it goes on when its credential was replaced. A credential that is shown has one holder whatever is said here.',
    )
    .addOption(new Option('--check-out <mode>', 'how it is given out').choices(['exclusive', 'shared']).makeOptionMandatory())
    .option(...codeFile)
    .addHelpText('after', examples({ 'claviger accounts change root@web01 --check-out exclusive': 'then type your code' }))
    .action(act(run))

const run: Run<Options> = async (shell, { checkOut: mode, codeFile }, name = '') => {
  const { print } = shell
  const account = await findAccount(shell, name)
  const code = (await shell.ask.hidden(`Your code makes ${name} ${mode}`, codeFile, '--code-file')).replaceAll(' ', '')
  const changed = await shell.get(call(shell.server, api.changeCheckOut, { params: { id: account.id }, body: { mode, code } }))
  print.answer({ checkOut: changed }, () =>
    print.line(mode === 'exclusive' ? `${name} is given to one person at a time.` : `${name} is given to several at a time.`, 'green'),
  )
}
