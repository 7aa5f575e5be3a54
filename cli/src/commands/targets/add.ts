import { call, inventory } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import { readGiven } from '../../kit/questions.ts'
import type { GlobalOptions, Shell } from '../../kit/shell.ts'
import { collect, parseIdentity, parseSettings } from './settings.ts'

interface Options extends GlobalOptions {
  kind: string
  environment: 'production' | 'staging' | 'development' | 'lab'
  tier: string
  scope?: inventory.Target['scopes']
  set?: string[]
  pin?: string[]
  login?: string
  loginKind: 'password' | 'ssh-key'
  secretFile?: string
  codeFile?: string
}

export const targetsAdd: CommandFile = (cli, act) =>
  cli
    .command('add <name>')
    .summary('protect another system')
    .description(
      'Adds a target with its pinned identity and the account that manages it. Shows who the system says it is and asks before pinning; --pin gives what you know instead. The credential is sealed at once and replaced when the account is taken over.',
    )
    .requiredOption('--kind <kind>', 'linux-ssh, postgres, …; stored for what Claviger does not reach')
    .option('--set <name=value>', 'a setting, such as host=10.0.0.5 (repeatable)', collect)
    .option('--login <account>', 'the account with which accounts are found and rotated; left out for stored')
    .addOption(new Option('--environment <environment>').choices(['production', 'staging', 'development', 'lab']).default('production'))
    .addOption(new Option('--tier <tier>', '0 critical, 1 high, 2 standard, 3 low').choices(['0', '1', '2', '3']).default('1'))
    .addOption(new Option('--scope <scope...>', 'what it holds: pci card data, phi health data').choices(['pci', 'phi']))
    .addOption(new Option('--login-kind <kind>').choices(['password', 'ssh-key']).default('password'))
    .option('--pin <name=value>', 'the identity that it must prove (repeatable); asked for when left out', collect)
    .option('--secret-file <file>', 'the credential of --login; a password is asked for when left out')
    .option('--code-file <file>', 'take your code from a file, or from standard input: -')
    .addHelpText(
      'after',
      examples({
        'claviger targets add web02 --kind linux-ssh --set host=10.0.0.5 --login root --login-kind ssh-key --secret-file ~/.ssh/id_ed25519':
          'a Linux host',
        'claviger targets add stripe --kind stored --tier 2 --set host=dashboard.stripe.com': 'whose credentials are brought in by hand',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, options, name = '') => {
  const { ask, print } = shell
  const settings = parseSettings(options.set ?? [])
  const { kinds } = await shell.get(call(shell.server, inventory.targetKinds))
  const reached = kinds.find((k) => k.name === options.kind)?.reached ?? true
  const way = reached ? await askWay(shell, options, settings) : {}
  const code = await ask.hidden('Code from your authenticator', options.codeFile, '--code-file')
  const { kind, environment } = options
  const body = {
    name,
    kind,
    environment,
    tier: Number(options.tier),
    scopes: options.scope ?? [],
    settings,
    ...way,
    code,
  }
  const target = await shell.get(call(shell.server, inventory.addTarget, { body }), `Adding ${name}`)
  print.answer({ target }, () => {
    print.line(
      `Added ${target.name} (${target.kind}, ${target.tierLabel})${target.address === '' ? '' : ` at ${target.address}`}.`,
      'green',
    )
    print.next(
      reached ? `claviger targets discover ${target.name}` : `claviger credentials put ACCOUNT@${target.name} --kind KIND --file FILE`,
    )
  })
}

/** How it is reached: who it has to be, and with which account. */
async function askWay(shell: Shell, options: Options, settings: Record<string, string | number | boolean>) {
  const { login, loginKind } = options
  if (login === undefined)
    throw new CliError('usage', `A target of the kind ${options.kind} takes the account that manages it.`, '--login ACCOUNT')
  const identity = options.pin ? parseIdentity(options.pin) : await askIdentity(shell, options.kind, settings)
  return { identity, login: { account: login, kind: loginKind, secret: await readSecret(shell, options, login) } }
}

async function askIdentity(
  shell: Shell,
  kind: string,
  settings: Record<string, string | number | boolean>,
): Promise<Record<string, string>> {
  const { identity } = await shell.get(
    call(shell.server, inventory.identifyTarget, { body: { kind, settings } }),
    'Asking the target who it is',
  )
  shell.print.hint('The system says that it is:')
  for (const [field, value] of Object.entries(identity)) shell.print.hint(`  ${field}: ${value}`)
  const pins = Object.entries(identity).map(([field, value]) => `--pin '${field}=${value}'`)
  if (await shell.ask.confirm('Is this what the system itself shows?', pins.join(' '))) return identity
  throw new CliError('failed', 'Nothing was added: an identity that you cannot confirm may be an impostor.')
}

async function readSecret({ ask }: Shell, { loginKind, secretFile }: Options, login: string): Promise<string> {
  // a private key has many lines
  if (secretFile !== undefined && loginKind === 'ssh-key' && secretFile !== '-') return readGiven(secretFile, '--secret-file')
  if (loginKind === 'ssh-key') throw new CliError('usage', 'A private key is given as a file.', '--secret-file ~/.ssh/id_ed25519')
  return await ask.hidden(`Password of ${login} on the target`, secretFile, '--secret-file')
}
