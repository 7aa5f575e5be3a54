import { access, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'

interface Options extends GlobalOptions {
  reason: string
}

export const grantsEnd: CommandFile = (cli, act) =>
  cli
    .command('end <grant>')
    .summary("end a grant now: your own, or as security anyone's")
    .description('Ends a grant at once: its sessions are cut and the credential is rotated.')
    .requiredOption('--reason <text>', 'why; it stands in the audit log')
    .addHelpText('after', examples({ 'claviger grants end grt_4f9k2m7q1x --reason "done early"': 'gives it back' }))
    .action(act(run))

const run: Run<Options> = async (shell, { reason }, id = '') => {
  const { print } = shell
  const grant = await shell.get(call(shell.server, access.endGrant, { params: { id }, body: { reason } }), 'Ending the grant')
  print.answer({ grant }, () => print.line(`Ended ${grant.id}: ${grant.person.name} may no longer use ${grant.account}@${grant.target}.`))
}
