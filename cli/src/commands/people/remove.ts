import { people as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { codeFile, said, whom } from './change.ts'
import { sayLink } from './invite.ts'

interface Options extends GlobalOptions {
  reason: string
  codeFile?: string
}

export const peopleRemoveKey: CommandFile = (cli, act) =>
  cli
    .command('remove-key <person> <key>')
    .summary('take one SSH key of somebody out of use')
    .description('All else of theirs stays. Sessions that run go on: end them with claviger sessions end, or disable the person.')
    .requiredOption('--reason <text>', 'why; it stands in the audit log')
    .option(...codeFile)
    .addHelpText(
      'after',
      examples({ 'claviger people remove-key alice key_4f9k2m7q1x --reason "stolen laptop"': 'an id from: claviger people show alice' }),
    )
    .action(act(removeKey))
const removeKey: Run<Options> = async (shell, { reason, codeFile: file }, name = '', key = '') => {
  const { params, code } = await whom(shell, name, `takes ${key} out of use for`, file)
  await said(shell, call(shell.server, api.removeKeyOf, { params, body: { key, reason, code } }), () => `comes in with ${key} no more.`)
}

export const peopleRemoveAuthenticator: CommandFile = (cli, act) =>
  cli
    .command('remove-authenticator <person>')
    .summary('a lost phone: the authenticator out of use, and a link for another one')
    .description(
      'Ends what runs for them, and prints a one-time link that gives a new authenticator to who knows their password. Passkeys go with it, SSH keys stay.',
    )
    .requiredOption('--reason <text>', 'why; it stands in the audit log')
    .option(...codeFile)
    .addHelpText('after', examples({ 'claviger people remove-authenticator alice --reason "lost her phone"': 'prints the link' }))
    .action(act(removeAuthenticator))
const removeAuthenticator: Run<Options> = async (shell, { reason, codeFile: file }, name = '') => {
  const { params, code } = await whom(shell, name, 'removes the authenticator of', file)
  const { person, enrolmentToken } = await shell.get(call(shell.server, api.removeAuthenticator, { params, body: { reason, code } }))
  sayLink(shell, person, enrolmentToken, 'keeps')
}
