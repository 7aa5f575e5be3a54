import { call, inventory } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { findTarget } from '../find.ts'
import { collect, parseIdentity, parseSettings } from './settings.ts'

interface Options extends GlobalOptions {
  set?: string[]
  pin?: string[]
  environment?: 'production' | 'staging' | 'development' | 'lab'
  tier?: string
  scope?: string[]
  reconciler?: string
  codeFile?: string
}

export const targetsChange: CommandFile = (cli, act) =>
  cli
    .command('change <target>')
    .summary('change address, identity, tier, environment, scopes or reconciler')
    .description('Changes a target. Whatever was asked or granted on it was for what it was before, so requests and grants become void.')
    .option('--set <name=value>', 'a setting (repeatable); the others stay', collect)
    .option('--pin <name=value>', 'the identity that it must prove from now on (repeatable)', collect)
    .addOption(new Option('--environment <environment>').choices(['production', 'staging', 'development', 'lab']))
    .addOption(new Option('--tier <tier>', '0 critical, 1 high, 2 standard, 3 low').choices(['0', '1', '2', '3']))
    .addOption(
      new Option('--scope <scope...>', 'what it holds: pci card data, phi health data; none for neither').choices(['pci', 'phi', 'none']),
    )
    .option('--reconciler <account>', 'the account that resets another whose credential is not known; none for nobody')
    .option('--code-file <file>', 'take your code from a file, or from standard input: -')
    .addHelpText(
      'after',
      examples({
        'claviger targets change web01 --set port=2022': 'it moved',
        'claviger targets change web01 --tier 0': 'it is critical',
        'claviger targets change shop-db --scope pci': 'card data lies there',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, options, name = '') => {
  const { ask, print } = shell
  const { set, pin, environment, tier, scope, reconciler } = options
  if (!set && !pin && !environment && tier === undefined && !scope && reconciler === undefined)
    throw new CliError(
      'usage',
      'Say what to change: --set, --pin, --tier, --environment, --scope or --reconciler.',
      'claviger targets change --help',
    )
  const target = await findTarget(shell, name)
  const code = await ask.hidden('Code from your authenticator', options.codeFile, '--code-file')
  const body = {
    ...(set && { settings: { ...target.settings, ...parseSettings(set) } }),
    ...(pin && { identity: { ...target.identity, ...parseIdentity(pin) } }),
    ...(environment && { environment }),
    ...(tier !== undefined && { tier: Number(tier) }),
    ...(scope && { scopes: scope.filter((name) => name !== 'none') as inventory.Target['scopes'] }),
    ...(reconciler !== undefined && { reconciler: reconciler === 'none' ? null : reconciler }),
    code,
  }
  const changed = await shell.get(call(shell.server, inventory.changeTarget, { params: { id: target.id }, body }), `Changing ${name}`)
  print.answer(changed, () => {
    const { requests, grants } = changed.voided
    print.line(
      `Changed ${name}: ${changed.target.address}, ${changed.target.tierLabel}, ${[changed.target.environment, ...changed.target.scopes].join(', ')}.`,
      'green',
    )
    print.facts([
      ['void requests', requests.join(', ') || 'none', requests.length > 0 ? 'yellow' : undefined],
      ['void grants', grants.join(', ') || 'none', grants.length > 0 ? 'yellow' : undefined],
    ])
  })
}
