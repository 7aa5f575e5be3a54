import { seal as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { asHost, hostToken } from './host-token.ts'

interface Options extends GlobalOptions {
  codeFile?: string
  host?: boolean
  yes?: boolean
}

/** `claviger seal` closes it, `claviger seal status` looks. */
export const seal: CommandFile = (cli, act) => {
  const group = cli
    .command('seal')
    .summary('close the seal: every key is forgotten, until custodians open it again')
    .description(
      "Cuts the sessions, forgets every key, and opens nothing until custodians give their shares. For members of security and administrators, with a fresh code; or with --host on the server's host, as the owner of its data folder.",
    )
    .option('--code-file <file>', 'take the code from the first line of a file, or from standard input: -')
    .option('--host', 'as the owner of the data folder (CLAVIGER_DATA) on this host, without signing in')
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      examples({ 'claviger seal': 'asks, and closes', 'claviger seal status': 'is it open, and how many shares were given' }),
    )
    .action(act(close))
  group
    .command('status')
    .summary('whether the seal is open, and how many shares were given')
    .description('Needs no sign-in.')
    .addHelpText('after', examples({ 'claviger seal status': 'is it open' }))
    .action(act(look))
  return group
}

const close: Run<Options> = async (shell, options) => {
  const { print, ask, settings } = shell
  const token = options.host ? hostToken(settings.data) : undefined
  if (options.host && token === undefined)
    throw new CliError('refused', `${settings.data}/run/host-token cannot be read: this is not the server's host, or not your data folder.`)
  if (!options.yes && !(await ask.confirm('Close the seal? Sessions are cut, and nothing opens until custodians come', '--yes')))
    throw new CliError('failed', 'Nothing was done.', undefined, { code: 'cli.cancelled' })
  const code =
    token === undefined
      ? (await ask.hidden('Code from your authenticator', options.codeFile, '--code-file')).replaceAll(' ', '')
      : undefined
  const to = token === undefined ? shell.server : asHost(shell, token)
  await shell.get(call(to, api.sealClose, { body: { ...(code !== undefined && { code }) } }), 'Ending sessions, forgetting keys')
  print.answer({ sealed: true }, () => {
    print.line('Sealed.', 'green')
    print.next('claviger unseal')
  })
}

const given = ({ given, threshold, forgottenIn }: { given: number; threshold: number; forgottenIn: number | null }): string =>
  `${given} of ${threshold}${forgottenIn === null ? '' : `, forgotten in ${Math.ceil(forgottenIn / 60)} min`}`

const look: Run<GlobalOptions> = async (shell) => {
  const { print } = shell
  const status = await shell.get(call(shell.anonymous, api.sealStatus))
  print.answer(status, () => {
    const { state, kind, shares } = status
    print.facts([
      ['state', state, state === 'open' ? 'green' : 'yellow'],
      ['seal', kind],
      ...(shares ? [['shares', `${shares.threshold} of ${shares.shares} open it (set ${shares.set})`] as const] : []),
      ...(status.openSince ? [['open since', print.time(status.openSince)] as const] : []),
      ...(shares && state === 'sealed' ? [['given', given(shares)] as const] : []),
    ])
    if (state === 'sealed') print.next('claviger unseal')
    if (state === 'uninitialised') print.next('claviger init')
  })
}
