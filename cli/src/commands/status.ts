import { audit, call, identity } from '@claviger/api'
import type { CommandFile, Run } from '../kit/command.ts'
import { examples } from '../kit/examples.ts'
import type { GlobalOptions, Shell } from '../kit/shell.ts'

export const status: CommandFile = (cli, act) =>
  cli
    .command('status')
    .summary('whether the server answers, and who you are there')
    .description('Asks the server how it is, without needing a sign-in. Exits 6 when it does not answer.')
    .addHelpText('after', examples({ 'claviger status': 'where am I, and does it work' }))
    .action(act(run))

const run: Run<GlobalOptions> = async (shell) => {
  const { print } = shell
  const setup = await shell.get(call(shell.anonymous, identity.setupStatus))
  const { size, verifierKey } = await shell.get(call(shell.anonymous, audit.checkpoint))
  const signIn = signInState(shell)
  const { folder } = shell.settings
  print.answer({ server: shell.base, setupOpen: setup.open, ledger: { size, verifierKey }, signIn, folder }, () => {
    print.facts([
      ['server', `${shell.base} answers`, 'green'],
      ...(setup.open ? [['setup', 'open: the first administrator is still to be made', 'yellow'] as const] : []),
      ['audit log', `${size} entries, signed by ${verifierKey}`],
      ['signed in', signIn ? `${signIn.name}, until ${print.time(signIn.expiresAt)}` : 'no', signIn?.holds ? undefined : 'yellow'],
      ['certificate', signIn?.certificateUntil ? `until ${print.time(signIn.certificateUntil)}` : 'none'],
      ['our files', folder],
    ])
    if (!signIn?.holds) print.next('claviger login')
  })
}

function signInState({ signIn }: Shell) {
  if (!signIn) return null
  const { name, expiresAt, certificateUntil = null } = signIn
  return { name, expiresAt, certificateUntil, holds: Date.parse(expiresAt) > Date.now() }
}
