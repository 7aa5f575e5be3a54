import { passwords as api, call } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../../kit/command.ts'
import { examples } from '../../../kit/examples.ts'
import { findTarget } from '../../find.ts'
import { bits, forWhom } from '../words.ts'
import { type DemandOptions, demandsOf, withDemands } from './demands.ts'

interface Options extends DemandOptions {
  tier?: string
  kind?: string
  target?: string
}

export const policyAdd: CommandFile = (cli, act) =>
  withDemands(
    cli
      .command('add <name>')
      .summary('demand more of passwords, or except one target')
      .description(
        'Adds a password policy for all accounts, or for those of a tier, a kind of target or one target. With --exception it says what one target may have less, why, and how often it is replaced then.',
      )
      .addOption(new Option('--tier <tier>', 'for accounts of this tier').choices(['0', '1', '2', '3']))
      .option('--kind <kind>', 'for targets of this kind')
      .option('--target <target>', 'for this target'),
  )
    .addHelpText(
      'after',
      examples({
        'claviger passwords policy add tier-0 --tier 0 --length 40': 'longer where it is critical',
        'claviger passwords policy add old-router --target router1 --length 16 --rotate-after 7d --exception "cuts at 16"':
          'it takes no more',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, options, name = '') => {
  const { print } = shell
  const target = options.target === undefined ? null : (await findTarget(shell, options.target)).id
  const demands = demandsOf(options)
  const code = (await shell.ask.hidden(`Your code adds the password policy ${name}`, options.codeFile, '--code-file')).replaceAll(' ', '')
  const scope = { tier: options.tier === undefined ? null : Number(options.tier), kind: options.kind ?? null, target }
  const added = await shell.get(call(shell.server, api.addPasswordPolicy, { body: { name, ...scope, ...demands, code } }))
  print.answer(added, () => {
    print.line(`${name}: ${added.length} characters, ${bits(added.bits)} bits, for ${forWhom(added)}.`, 'green')
    print.hint('Passwords that are there stay until they are replaced: claviger rotate.')
  })
}
