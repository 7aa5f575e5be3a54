import { call, inventory } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { findTarget } from '../find.ts'
import { tierStyle } from '../words.ts'

export const targetsShow: CommandFile = (cli, act) =>
  cli
    .command('show <target>')
    .summary('one target: its settings, the identity it must prove, its accounts')
    .description('Shows where a target is, how it is reached, which identity it must prove, and how many accounts were found on it.')
    .addHelpText('after', examples({ 'claviger targets show web01': 'everything about it' }))
    .action(act(run))

const run: Run<GlobalOptions> = async (shell, _options, name = '') => {
  const { print } = shell
  const { id } = await findTarget(shell, name)
  const target = await shell.get(call(shell.server, inventory.getTarget, { params: { id } }))
  print.answer({ target }, () => {
    const { found, managed, held } = target.states
    print.facts([
      ['target', `${target.name} (${target.id})`],
      ['kind', `${target.kind}: ${target.capabilities.join(', ') || 'nothing but connecting'}`],
      ['tier', target.tierLabel, tierStyle(target)],
      ['environment', target.environment],
      ['scopes', target.scopes.join(', ') || 'none'],
      ['address', target.address],
      ...Object.entries(target.settings).map(([key, value]) => [key, String(value)] as const),
      ...Object.entries(target.identity).map(([key, value]) => [key, String(value)] as const),
      ['accounts', `${target.accounts}: ${found} found, ${managed} managed, ${held} held`],
      ['last search', print.time(target.lastDiscovery)],
    ])
    print.next(`claviger accounts --target ${target.name}`)
  })
}
