import { seal as api, call } from '@claviger/api'
import { Argument } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { shareCustodianFlag } from '../../kit/custodians.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions, Shell } from '../../kit/shell.ts'
import { wholeNumber } from '../../kit/whole-number.ts'
import { asHost, hostToken } from './host-token.ts'
import { type CeremonyOptions, leadCeremony, wishOf } from './take-part.ts'

interface Options extends GlobalOptions {
  codeFile?: string
  host?: boolean
  yes?: boolean
}

type SealKind = api.SealKind
const sealKinds: readonly SealKind[] = api.sealKind.options
const count = wholeNumber('a number from 2 to 16', 2, 16)

interface MigrateOptions extends CeremonyOptions {
  shares: number
  threshold: number
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
    .command('migrate')
    .summary('a new root key under another kind of seal')
    .description(
      'For an administrator and a security officer together, as claviger rekey. The new seal is seen to open before the one of before dies; a key file of before is destroyed. Until the last step nothing is changed.',
    )
    .addArgument(new Argument('<kind>', 'the new kind of seal').choices(sealKinds))
    .option('--shares <n>', 'to shamir: how many custodians, 2 to 16', count, 5)
    .option('--threshold <k>', 'to shamir: how many of them open the server', count, 3)
    .option('--code-file <file>', 'take the code from the first line of a file, or from standard input: -')
    .option(...shareCustodianFlag)
    .option('--out-dir <folder>', 'write each share to a file of its own there, readable by you alone; each is then typed back elsewhere')
    .addHelpText(
      'after',
      examples({
        'claviger seal migrate shamir --shares 5 --threshold 3': 'from a key file to shares',
        'claviger seal migrate pkcs11': 'to a key in an HSM',
      }),
    )
    .action(act<MigrateOptions>((shell, options, kind) => migrate(shell, options, kind as SealKind)))
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

const migrate = async (shell: Shell, options: MigrateOptions, to: SealKind): Promise<void> => {
  const { shares, threshold } = options
  if (
    to === 'shamir' &&
    !options.json &&
    !options.custodian &&
    options.outDir === undefined &&
    !(shell.ask.possible && shell.io.stdout.isTTY)
  )
    throw new CliError('usage', 'Shares are shown to one custodian after another, and there is no terminal. Give --out-dir or --json.')
  const done = await leadCeremony(shell, { goal: 'replace', to, ...wishOf(options, shares), threshold }, options)
  if (done && to !== 'shamir') shell.print.answer({ done, kind: to }, () => shell.print.line(`The seal is "${to}" now.`, 'green'))
  if (done) shell.print.hint(`If CLAVIGER_SEAL is in the settings, set it to ${to}: it must name the seal that there is.`)
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
    if (state === 'sealed' && kind !== 'shamir') print.line(status.message, 'yellow')
    if (state === 'sealed') print.next('claviger unseal')
    if (state === 'uninitialised') print.next('claviger init')
  })
}
