import { sshAuthority as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { findTarget } from '../find.ts'

interface Options extends GlobalOptions {
  byHand?: true
}

export const sshCaTrust: CommandFile = (cli, act) =>
  cli
    .command('trust <target>')
    .summary('have a host trust the authority, and see it with a login')
    .description(
      'As an administrator: the account that manages the target lays down two files for sshd and has it reload; then a login with a fresh certificate shows that it works. Where it does not, the host is put back as it was.',
    )
    .option('--by-hand', 'the files are there already: only look whether a login works')
    .addHelpText(
      'after',
      examples({
        'claviger ssh-ca trust web01': 'lays the files down',
        'claviger ssh-ca trust web01 --by-hand': 'after you did it',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, { byHand = false }, name = '') => {
  const { print } = shell
  const { id } = await findTarget(shell, name)
  const asked = call(shell.server, api.trustSshAuthority, { params: { id }, body: { byHand } })
  const answer = await shell.get(asked, byHand ? `Logging in to ${name}` : `Telling ${name}, and logging in`)
  print.answer(answer, () => {
    print.line(`${name} trusts the authority: a login with a fresh certificate worked.`, 'green')
    print.next(`claviger accounts change ACCOUNT@${name} --login certificate has sessions log in so`)
  })
}
