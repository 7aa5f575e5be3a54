import { audit, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { Printer } from '../../kit/printer.ts'
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

/** Before anything is asked for: nobody acknowledges what they were not told. */
function sayWhatIsAccepted(print: Printer, why: string, { officers, needed }: { officers: number; needed: number }): void {
  print.hint(`What is wrong: ${why}`)
  print.hint(
    'Can the right database be put back? Then do that, and acknowledge nothing: the next start compares again. Whoever acknowledges accepts that what the database holds at that moment becomes the log, that what is missing stays missing, that all sign-ins, certificates, tickets and grants become void, and that an alarm names both officers.',
  )
  print.hint(`${officers} of ${needed} officers have acknowledged.`)
}

const run: Run<Options> = async (shell, options) => {
  const { ask, print, settings } = shell
  const state = await shell.get(call(shell.anonymous, audit.ledgerState))
  if (state.why !== null) sayWhatIsAccepted(print, state.why, state)
  const name = options.name ?? (await ask.text('Name', '--name NAME', readSignIn(settings.folder)?.name))
  const password = await ask.hidden(`Password of ${name}`, options.passwordFile, '--password-file')
  const code = await ask.hidden('Code from your authenticator', options.codeFile, '--code-file')
  const body = { name, password, code: code.replaceAll(' ', ''), ...(state.why !== null && { read: state.why }) }
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
