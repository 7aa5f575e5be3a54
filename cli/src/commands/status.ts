import { audit, call, controls, identity, seal } from '@claviger/api'
import type { CommandFile, Run } from '../kit/command.ts'
import { examples } from '../kit/examples.ts'
import { CliError } from '../kit/exit.ts'
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
  const sealed = await shell.get(call(shell.anonymous, seal.sealStatus))
  if (sealed.state !== 'open')
    throw new CliError('unreachable', sealed.message, sealed.state === 'sealed' ? 'claviger unseal' : 'claviger init')
  const setup = await shell.get(call(shell.anonymous, identity.setupStatus))
  const { size, verifierKey } = await shell.get(call(shell.anonymous, audit.checkpoint))
  const signIn = signInState(shell)
  const { folder } = shell.settings
  const silences = await silentControls(shell, signIn?.holds === true)
  print.answer(
    { server: shell.base, setupOpen: setup.open, ledger: { size, verifierKey }, signIn, ...(silences && { silences }), folder },
    () => {
      print.facts([
        ['server', `${shell.base} answers`, 'green'],
        ...(setup.open ? [['setup', 'open: the first administrator is still to be made', 'yellow'] as const] : []),
        ['audit log', `${size} entries, signed by ${verifierKey}`],
        ['signed in', signIn ? `${signIn.name}, until ${print.time(signIn.expiresAt)}` : 'no', signIn?.holds ? undefined : 'yellow'],
        ['certificate', signIn?.certificateUntil ? `until ${print.time(signIn.certificateUntil)}` : 'none'],
        ...(silences?.map((s) => ['silent', `${s.control} since ${print.time(s.since)}: ${s.cause}`, 'red'] as const) ?? []),
        ['our files', folder],
      ])
      if (!signIn?.holds) print.next('claviger login')
    },
  )
}

/** For those who may see them; whoever may not, and a server that is too busy to say, is no reason to fail. */
async function silentControls(shell: Shell, signedIn: boolean) {
  if (!signedIn) return undefined
  const told = await call(shell.server, controls.controls).catch(() => undefined)
  return told?.ok ? told.value.silences : undefined
}

function signInState({ signIn }: Shell) {
  if (!signIn) return null
  const { name, expiresAt, certificateUntil = null } = signIn
  return { name, expiresAt, certificateUntil, holds: Date.parse(expiresAt) > Date.now() }
}
