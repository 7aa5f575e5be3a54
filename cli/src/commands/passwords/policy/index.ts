import { passwords as api, call } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../../kit/command.ts'
import { examples } from '../../../kit/examples.ts'
import type { GlobalOptions } from '../../../kit/shell.ts'
import { bits, forWhom, sorts } from '../words.ts'
import { policyAdd } from './add.ts'
import { policyChange } from './change.ts'
import { policyRetire } from './retire.ts'

interface Options extends GlobalOptions {
  state: 'active' | 'all'
}

export const passwordsPolicy: CommandFile = (cli, act) => {
  const group = cli
    .command('policy')
    .summary('password policies and exceptions, and the least that is allowed')
    .description(
      'Lists what passwords have to be, as the keeper attests it. All policies that fit an account add up to the strictest; an exception is for one target that cannot take as much, and makes it be replaced more often.',
    )
    .addOption(new Option('--state <state>', 'also those that were retired').choices(['active', 'all']).default('active'))
    .addHelpText('after', examples({ 'claviger passwords policy': 'what is demanded', 'claviger passwords policy --json': 'for a script' }))
    .action(act(list))
  for (const command of [policyAdd, policyChange, policyRetire]) command(group, act)
  return group
}

const list: Run<Options> = async (shell, { state }) => {
  const { print } = shell
  const found = await shell.get(call(shell.server, api.passwordPolicies))
  const policies = found.policies.filter((p) => state === 'all' || p.state === 'active' || p.forged !== null)
  print.answer({ ...found, policies }, () => {
    print.table(
      [
        { title: 'POLICY', value: (p) => p.name, style: () => 'bold' },
        { title: 'FOR', value: forWhom },
        { title: 'LENGTH', value: (p) => String(p.length) },
        { title: 'OF', value: (p) => sorts(p.classes) },
        { title: 'WITHOUT', value: (p) => p.excluded || '–' },
        { title: 'BITS', value: (p) => bits(p.bits) },
        { title: 'REPLACED AFTER', value: (p) => (p.maxAgeDays === null ? '–' : `${p.maxAgeDays} d`) },
        {
          title: 'WHAT',
          value: (p) =>
            p.forged ? `FORGED: ${p.forged}` : p.state === 'retired' ? 'retired' : p.exception ? `exception: ${p.exception}` : 'policy',
          style: (p) => (p.forged ? 'red' : p.exception ? 'yellow' : undefined),
        },
      ],
      policies,
      'No policy says more than the code does.',
    )
    const { standard, floor, exceptionFloor } = found
    print.facts([
      ['where none says more', `${standard.length} characters of ${sorts(standard.classes)}, ${bits(standard.bits)} bits`],
      ['never below', `${floor.length} characters of ${floor.classes} sorts, ${floor.bits} bits`],
      ['exceptions never below', `${exceptionFloor.length} characters, ${exceptionFloor.bits} bits`],
    ])
    print.next('claviger passwords rule ACCOUNT@TARGET')
  })
}
