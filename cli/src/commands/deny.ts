import { access, call } from '@claviger/api'
import type { CommandFile, Run } from '../kit/command.ts'
import { examples } from '../kit/examples.ts'
import type { GlobalOptions } from '../kit/shell.ts'

interface Options extends GlobalOptions {
  reason: string
}

export const deny: CommandFile = (cli, act) =>
  cli
    .command('deny <request>')
    .summary('say no, with a reason that the requester sees')
    .description('Denies a request. One no is enough, whatever others said.')
    .requiredOption('--reason <text>', 'why; the requester reads it')
    .addHelpText('after', examples({ 'claviger deny req_4f9k2m7q1x --reason "not during the freeze"': 'no' }))
    .action(act(run))

const run: Run<Options> = async (shell, { reason }, id = '') => {
  const { print } = shell
  const request = await shell.get(call(shell.server, access.denyRequest, { params: { id }, body: { reason } }))
  print.answer({ request }, () => print.line(`Denied ${request.id} of ${request.requester.name}.`))
}
