import { call, identity } from '@claviger/api'
import type { CommandFile, Run } from '../kit/command.ts'
import { examples } from '../kit/examples.ts'
import { CliError } from '../kit/exit.ts'
import type { GlobalOptions, Shell } from '../kit/shell.ts'

interface Options extends GlobalOptions {
  firstAdministrator?: string
  displayName?: string
  tokenFile?: string
  passwordFile?: string
  codeFile?: string
}

export const enrol: CommandFile = (cli, act) =>
  cli
    .command('enrol')
    .summary('set your password and authenticator with the link that you were given')
    .description(
      'Asks for the one-time link (or the token in it) and a new password, shows the secret for your authenticator, and asks for its first code. With --first-administrator it is the link that a new server printed.',
    )
    .option('--first-administrator <name>', 'make the first administrator of a new server, and close its first run')
    .option('--display-name <name>', 'the name of that administrator as people write it')
    .option('--token-file <file>', 'take the link or token from the first line of a file, or from standard input: -')
    .option('--password-file <file>', 'likewise the new password')
    .option('--code-file <file>', 'likewise the code')
    .addHelpText(
      'after',
      examples({
        'claviger enrol': 'with the link from whoever invited you',
        'claviger enrol --first-administrator dana --display-name "Dana Reyes"': 'with the link that the server printed when it was new',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, options) => {
  const { ask, print } = shell
  const token = tokenOf(await ask.hidden('Your one-time link', options.tokenFile, '--token-file'))
  shell.hide(token)
  const password = await ask.hidden('A new password', options.passwordFile, '--password-file')
  if (options.passwordFile === undefined && (await ask.hidden('Once more', undefined, '--password-file')) !== password)
    throw new CliError('usage', 'The two passwords differ. Nothing was set.', 'claviger enrol')
  const { person, totp } = await begin(shell, options, token, password)
  if (!print.json) print.raw(`Add this to your authenticator:\n\n  ${totp.uri}\n\n  or by hand: ${totp.secret}\n\n`)
  const code = (await ask.hidden('The first code that it shows', options.codeFile, '--code-file')).replaceAll(' ', '')
  await shell.get(call(shell.anonymous, identity.enrolConfirm, { body: { token, code } }))
  if (options.firstAdministrator !== undefined) await shell.get(call(shell.anonymous, identity.setupFinish, { body: { token } }))
  print.answer({ person }, () => {
    print.line(`Enrolled ${person.displayName} (${person.name}).`, 'green')
    print.next(`claviger login --name ${person.name}`)
  })
}

async function begin(shell: Shell, { firstAdministrator: name, displayName }: Options, token: string, password: string) {
  if (name === undefined) return await shell.get(call(shell.anonymous, identity.enrol, { body: { token, password } }))
  const body = { token, name, displayName: displayName ?? name, password }
  return await shell.get(call(shell.anonymous, identity.setupAdministrator, { body }))
}

/** A link ends with its token; a token alone is taken as it is. */
const tokenOf = (given: string): string => given.trim().replace(/^.*[#?&]token=/, '')
