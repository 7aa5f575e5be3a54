import { people as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'

interface Options extends GlobalOptions {
  passwordFile?: string
  codeFile?: string
  newCodeFile?: string
}

/** One's own authenticator. */
export const authenticator: CommandFile = (cli, act) => {
  const group = cli.command('authenticator').summary('your own authenticator').description('Moves your second factor to another phone.')
  group
    .command('replace')
    .summary('put another authenticator into the place of yours')
    .description(
      'Asks for your password and a code of the old one, shows the key of the new one once, and takes its first code. You sign in again with it.',
    )
    .option('--password-file <file>', 'take the password from a file')
    .option('--code-file <file>', 'take the code of the old one from a file, or from standard input: -')
    .option('--new-code-file <file>', 'take the code of the new one from a file, such as a named pipe')
    .addHelpText('after', examples({ 'claviger authenticator replace': 'then add the key to the app on the new phone' }))
    .action(act(replace))
  return group
}

const replace: Run<Options> = async (shell, options) => {
  const { print } = shell
  const password = await shell.ask.hidden('Your password', options.passwordFile, '--password-file')
  const code = (await shell.ask.hidden('A code of the old authenticator', options.codeFile, '--code-file')).replaceAll(' ', '')
  const begun = await shell.get(call(shell.server, api.replaceAuthenticator, { body: { password, code } }))
  // for the person's eyes, beside whatever a script reads; the only time that it is shown
  print.hint('Add this key to the app on the new phone. It is shown once:')
  print.hint(`  ${begun.totp.secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}`)
  const next = (await shell.ask.hidden('The code that the new one shows', options.newCodeFile, '--new-code-file')).replaceAll(' ', '')
  const { ended } = await shell.get(call(shell.server, api.confirmAuthenticator, { body: { token: begun.token, code: next } }))
  print.answer({ replaced: true, ended }, () => {
    print.line('The new authenticator counts, and the old one no more.', 'green')
    print.next('claviger login')
  })
}
