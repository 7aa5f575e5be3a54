import { call, session } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'

export const sessionsLimits: CommandFile = (cli, act) =>
  cli
    .command('limits')
    .summary('how many sessions may be open at once')
    .description(
      'Shows how many sessions may be open at once, at all gateways together: of one person, with one account, on one target. Policy may say fewer of one person with one account.',
    )
    .addHelpText('after', examples({ 'claviger sessions limits': 'how large a pool of connections may be' }))
    .action(act(run))

const run: Run<GlobalOptions> = async (shell) => {
  const { print } = shell
  const { sessions } = await shell.get(call(shell.server, session.gateways, {}))
  print.answer(sessions, () => {
    print.facts([
      ['of one person', String(sessions.perPerson)],
      ['with one account', String(sessions.perAccount)],
      ['on one target', String(sessions.perTarget)],
    ])
    print.next('claviger sessions list')
  })
}
