import { passwords as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { findAccount } from '../find.ts'
import { bits, sorts } from './words.ts'

export const passwordsRule: CommandFile = (cli, act) =>
  cli
    .command('rule <account@target>')
    .summary('what the next password of an account will be like')
    .description('Says length, characters and bits of the next password of an account, and which policies they follow from.')
    .addHelpText('after', examples({ 'claviger passwords rule deploy@web01': 'length, characters and bits' }))
    .action(act(run))

const run: Run<GlobalOptions> = async (shell, _options, name = '') => {
  const { print } = shell
  const { id } = await findAccount(shell, name)
  const rule = await shell.get(call(shell.server, api.passwordRule, { params: { id } }))
  print.answer(rule, () =>
    print.facts([
      ['length', `${rule.length} characters`],
      ['of', sorts(rule.classes)],
      ['without', rule.excluded || 'nothing'],
      ['strength', `${bits(rule.bits)} bits`],
      ['by', rule.policies.map((p) => p.name).join(', ') || 'what the code says'],
      ...(rule.exception === null ? [] : [['exception', rule.exception, 'yellow'] as const]),
    ]),
  )
}
