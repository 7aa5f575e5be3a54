import { access, call } from '@claviger/api'
import type { CommandFile, Run } from '../kit/command.ts'
import { examples } from '../kit/examples.ts'
import type { GlobalOptions } from '../kit/shell.ts'

export const withdraw: CommandFile = (cli, act) =>
  cli
    .command('withdraw <request>')
    .summary('take your own request back')
    .description('Withdraws a request that still waits. What was granted already is ended with: claviger grants end.')
    .addHelpText('after', examples({ 'claviger withdraw req_4f9k2m7q1x': 'no longer needed' }))
    .action(act(run))

const run: Run<GlobalOptions> = async (shell, _options, id = '') => {
  const { print } = shell
  const request = await shell.get(call(shell.server, access.withdrawRequest, { params: { id } }))
  print.answer({ request }, () => print.line(`Withdrew ${request.id}.`))
}
