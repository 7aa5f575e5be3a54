import { sshAuthority as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { findTarget } from '../find.ts'

export const sshCaDistrust: CommandFile = (cli, act) =>
  cli
    .command('distrust <target>')
    .summary('take from a host what had it trust the authority')
    .description(
      'As an administrator: removes the two files from the host and has sshd reload. Not while one of its accounts is reached by certificate.',
    )
    .addHelpText('after', examples({ 'claviger ssh-ca distrust web01': 'no certificate opens it any more' }))
    .action(act(run))

const run: Run<GlobalOptions> = async (shell, _options, name = '') => {
  const { print } = shell
  const { id } = await findTarget(shell, name)
  const asked = call(shell.server, api.distrustSshAuthority, { params: { id } })
  const answer = await shell.get(asked, `Telling ${name}`)
  print.answer(answer, () => print.line(`${name} trusts the authority no more.`, 'green'))
}
