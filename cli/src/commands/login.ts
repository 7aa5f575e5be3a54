import { call, identity } from '@claviger/api'
import type { CommandFile, Run } from '../kit/command.ts'
import { examples } from '../kit/examples.ts'
import type { GlobalOptions, Shell } from '../kit/shell.ts'
import { forgetSignIn, readSignIn, writeSignIn } from '../kit/sign-in.ts'
import { renewCertificate } from '../ssh/certificate.ts'
import { gatewayAlias, sshFiles } from '../ssh/identity.ts'

interface Options extends GlobalOptions {
  name?: string
  passwordFile?: string
  codeFile?: string
}

export const login: CommandFile = (cli, act) =>
  cli
    .command('login')
    .summary('sign in, and get a short-lived SSH certificate')
    .description(
      'Asks for your password and the code that your authenticator shows. Keeps the sign-in, an SSH key and a certificate for the gateway in CLAVIGER_CONFIG, readable by you alone.',
    )
    .option('--name <name>', 'who you are (asked when left out)')
    .option('--password-file <file>', 'take the password from the first line of a file, or from standard input: -')
    .option('--code-file <file>', 'take the code from the first line of a file, or from standard input: -')
    .addHelpText(
      'after',
      examples({
        'claviger login --name alice': 'asks for password and code',
        'claviger login --server https://pam.example.com': 'another server than last time',
        'pass claviger | claviger login --name bot --password-file - --code-file code': 'in a script; never as an argument',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, options) => {
  const { ask, print, settings } = shell
  const before = readSignIn(settings.folder)
  const name = options.name ?? (await ask.text('Name', '--name NAME', before?.name))
  const password = await ask.hidden(`Password of ${name}`, options.passwordFile, '--password-file')
  const first = await shell.get(call(shell.anonymous, identity.signIn, { body: { name, password } }))
  const code = await ask.hidden('Code from your authenticator', options.codeFile, '--code-file')
  const body = { challenge: first.challenge, code: code.replaceAll(' ', ''), as: 'cli' as const }
  const { person, token = '', expiresAt } = await shell.get(call(shell.anonymous, identity.signInCode, { body }))
  shell.hide(token)
  // a certificate of an earlier sign-in, perhaps of someone else, must not stay behind
  forgetSignIn(settings.folder)
  writeSignIn(settings.folder, { server: shell.base, name: person.name, token, expiresAt })
  const certificate = await renewCertificate(shell)
  const files = sshFiles(settings.folder)
  print.answer({ person, expiresAt, certificateUntil: certificate.validUntil, gateway: certificate.gateway, files }, () => {
    print.line(`Signed in as ${person.displayName} (${person.name}) at ${shell.base}.`, 'green')
    print.facts([
      ['until', print.time(expiresAt)],
      ['groups', person.groups.join(', ') || 'none'],
      ['certificate', `${files.certificate}, until ${print.time(certificate.validUntil)}`],
      ['plain ssh', `ssh -F '${files.config}' '${person.name}@ACCOUNT@TARGET@${gatewayAlias}'`],
    ])
    suggest(shell, person.groups)
  })
}

function suggest({ print }: Shell, groups: readonly string[]): void {
  if (groups.includes('engineers')) print.next('claviger accounts, then claviger connect ACCOUNT@TARGET')
  else if (groups.includes('approvers')) print.next('claviger requests --inbox')
  else print.next('claviger status')
}
