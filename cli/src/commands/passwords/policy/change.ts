import { passwords as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../../kit/command.ts'
import { examples } from '../../../kit/examples.ts'
import { CliError } from '../../../kit/exit.ts'
import { bits, forWhom } from '../words.ts'
import { type DemandOptions, demandsOf, withDemands } from './demands.ts'
import { findPolicy } from './find-policy.ts'

export const policyChange: CommandFile = (cli, act) =>
  withDemands(
    cli
      .command('change <name>')
      .summary('change what a password policy demands')
      .description('Changes a password policy or an exception. What it is for stays: retire it and add another one for that.'),
  )
    .addHelpText('after', examples({ 'claviger passwords policy change tier-0 --length 48': 'longer still' }))
    .action(act(run))

const run: Run<DemandOptions> = async (shell, options, name = '') => {
  const { print } = shell
  const demands = demandsOf(options)
  if (Object.keys(demands).length === 0)
    throw new CliError('usage', 'Say what to change: --length, --of, --without, --rotate-after.', 'claviger passwords policy change --help')
  const { id } = await findPolicy(shell, name)
  const code = (await shell.ask.hidden(`Your code changes the password policy ${name}`, options.codeFile, '--code-file')).replaceAll(
    ' ',
    '',
  )
  const changed = await shell.get(call(shell.server, api.changePasswordPolicy, { params: { id }, body: { ...demands, code } }))
  print.answer(changed, () =>
    print.line(`${name}: ${changed.length} characters, ${bits(changed.bits)} bits, for ${forWhom(changed)}.`, 'green'),
  )
}
