import { audit, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { readSignIn } from '../../kit/sign-in.ts'

interface Options extends GlobalOptions {
  name?: string
  passwordFile?: string
  codeFile?: string
}

export const auditAcknowledge: CommandFile = (cli, act) =>
  cli
    .command('acknowledge')
    .summary('as a security officer: take note that the log was changed or an old database put back')
    .description(
      'While the audit log is not what was signed, nothing opens and nobody can sign in. Two members of security acknowledge it, each with password and code, after finding out what happened. Then a new epoch begins, which voids all sign-ins, certificates and grants.',
    )
    .option('--name <name>', 'who you are (asked when left out)')
    .option('--password-file <file>', 'take the password from the first line of a file, or from standard input: -')
    .option('--code-file <file>', 'take the code from the first line of a file, or from standard input: -')
    .addHelpText('after', examples({ 'claviger audit acknowledge --name carol': 'then a second officer does the same' }))
    .action(act(run))

const run: Run<Options> = async (shell, options) => {
  const { ask, print, settings } = shell
  const name = options.name ?? (await ask.text('Name', '--name NAME', readSignIn(settings.folder)?.name))
  const password = await ask.hidden(`Password of ${name}`, options.passwordFile, '--password-file')
  const code = await ask.hidden('Code from your authenticator', options.codeFile, '--code-file')
  const body = { name, password, code: code.replaceAll(' ', '') }
  const answer = await shell.get(call(shell.anonymous, audit.acknowledge, { body }))
  print.answer(answer, () => {
    if (answer.ready) {
      print.line(`Acknowledged by two officers. Epoch ${answer.epoch} has begun; everybody signs in again.`, 'green')
      print.next('claviger login')
    } else {
      print.line('Acknowledged. Nothing opens yet: a second security officer must do the same.')
      print.next('claviger audit acknowledge --name THE-SECOND-OFFICER')
    }
  })
}
