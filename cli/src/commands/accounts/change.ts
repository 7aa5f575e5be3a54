import { checkOut as api, call, sshAuthority } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { findAccount } from '../find.ts'
import { codeFile } from '../people/change.ts'

interface Options extends GlobalOptions {
  checkOut?: 'exclusive' | 'shared'
  login?: 'certificate' | 'stored'
  codeFile?: string
}

export const accountsChange: CommandFile = (cli, act) =>
  cli
    .command('change <account@target>')
    .summary('say how an account is given out, and how sessions log in to it')
    .description(
      'An exclusive account has one holder; the others queue, and it goes on when its credential was replaced. A credential that is shown has one holder whatever is said here. Reached by certificate, sessions log in with one that is signed for them (claviger ssh-ca).',
    )
    .addOption(new Option('--check-out <mode>', 'how it is given out').choices(['exclusive', 'shared']))
    .addOption(new Option('--login <how>', 'with what sessions log in').choices(['certificate', 'stored']))
    .option(...codeFile)
    .addHelpText(
      'after',
      examples({
        'claviger accounts change root@web01 --check-out exclusive': 'then type your code',
        'claviger accounts change deploy@web01 --login certificate': 'after claviger ssh-ca trust web01',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, { checkOut: mode, login, codeFile }, name = '') => {
  const { print } = shell
  if ((mode === undefined) === (login === undefined))
    throw new CliError('usage', 'Say one thing: --check-out or --login. Each takes a code of its own.', 'claviger accounts change --help')
  if (login) return await changeLogin(shell, login, codeFile, name)
  if (!mode) return
  const account = await findAccount(shell, name)
  const code = (await shell.ask.hidden(`Your code makes ${name} ${mode}`, codeFile, '--code-file')).replaceAll(' ', '')
  const changed = await shell.get(call(shell.server, api.changeCheckOut, { params: { id: account.id }, body: { mode, code } }))
  print.answer({ checkOut: changed }, () =>
    print.line(mode === 'exclusive' ? `${name} is given to one person at a time.` : `${name} is given to several at a time.`, 'green'),
  )
}

async function changeLogin(
  shell: Parameters<Run<Options>>[0],
  login: 'certificate' | 'stored',
  codeFile: string | undefined,
  name: string,
) {
  const { id } = await findAccount(shell, name)
  const how = login === 'certificate' ? 'by certificate' : 'with what the vault keeps'
  const code = (await shell.ask.hidden(`Your code has sessions log in to ${name} ${how}`, codeFile, '--code-file')).replaceAll(' ', '')
  const changed = await shell.get(call(shell.server, sshAuthority.changeAccountLogin, { params: { id }, body: { login, code } }))
  shell.print.answer(changed, () => shell.print.line(`Sessions log in to ${name} ${how}.`, 'green'))
}
