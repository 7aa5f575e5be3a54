import { call, session } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'

interface Options extends GlobalOptions {
  reason: string
}

export const sessionsEnd: CommandFile = (cli, act) =>
  cli
    .command('end <session>')
    .summary('cut a running session now')
    .description('Cuts a running session at once. For security officers.')
    .requiredOption('--reason <text>', 'why; it stands in the audit log')
    .addHelpText('after', examples({ 'claviger sessions end ses_4f9k2m7q1x --reason "not what was agreed"': 'cuts it' }))
    .action(act(run))

const run: Run<Options> = async (shell, { reason }, id = '') => {
  const { print } = shell
  const answer = await shell.get(call(shell.server, session.endSession, { params: { id }, body: { reason } }), 'Cutting the session')
  print.answer({ session: id, ...answer }, () => print.line(`Cut ${id}.`))
}
