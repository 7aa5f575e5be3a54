import { people as api, call } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { codeFile, groupNames, said, whom } from './change.ts'

interface Options extends GlobalOptions {
  group: (typeof groupNames)[number][]
  codeFile?: string
}

export const peopleJoin: CommandFile = (cli, act) =>
  cli
    .command('join <person>')
    .summary('put somebody into groups')
    .description(
      'Into approvers, security or administrators once somebody else confirmed it (claviger people confirm): until then they can do nothing. They sign in again.',
    )
    .addOption(new Option('--group <group...>', 'which').choices([...groupNames]).makeOptionMandatory())
    .option(...codeFile)
    .addHelpText('after', examples({ 'claviger people join bob --group auditors': 'then type your code' }))
    .action(act(run))

const run: Run<Options> = async (shell, { group, codeFile: file }, name = '') => {
  const { params, code } = await whom(shell, name, 'puts into groups', file)
  const asked = call(shell.server, api.joinGroups, { params, body: { groups: group, code } })
  const person = await said(shell, asked, (state) => `joined ${group.join(' and ')} and is ${state}.`)
  if (person.state === 'unconfirmed') shell.print.next(`claviger people confirm ${person.name}`)
}
