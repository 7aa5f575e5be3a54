import { breakGlass as api, call } from '@claviger/api'
import { Argument } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions, Shell } from '../../kit/shell.ts'
import { findAccount } from '../find.ts'
import { codeFile } from '../people/change.ts'

interface Options extends GlobalOptions {
  codeFile?: string
}

const which = () => new Argument('<account@target>', 'the account')

export const breakglassMark: CommandFile = (cli, act) =>
  cli
    .command('mark')
    .addArgument(which())
    .summary('as an administrator: make an account one for emergencies')
    .description(
      'What runs with it ends, it is rotated by the account that manages its target, and its new credential is sealed to the custodians: no server and no grant opens it. Not for an account that manages its target.',
    )
    .option(...codeFile)
    .addHelpText('after', examples({ 'claviger breakglass mark breakglass@web01': 'then type your code' }))
    .action(act<Options>((shell, options, name) => mark(shell, options, name, true)))

export const breakglassUnmark: CommandFile = (cli, act) =>
  cli
    .command('unmark')
    .addArgument(which())
    .summary('as an administrator: make it an ordinary account again')
    .description('It is rotated once more, and its new credential lies where grants open it.')
    .option(...codeFile)
    .addHelpText('after', examples({ 'claviger breakglass unmark breakglass@web01': 'then type your code' }))
    .action(act<Options>((shell, options, name) => mark(shell, options, name, false)))

async function mark(shell: Shell, { codeFile }: Options, name = '', marked = true): ReturnType<Run<Options>> {
  const { print } = shell
  const account = await findAccount(shell, name)
  const code = (
    await shell.ask.hidden(`Your code makes ${name} ${marked ? 'one for emergencies' : 'an ordinary account'}`, codeFile, '--code-file')
  ).replaceAll(' ', '')
  const done = await shell.get(call(shell.server, api.markAccount, { params: { id: account.id }, body: { code, marked } }))
  print.answer(done, () => {
    print.line(`${name} is ${marked ? 'for emergencies' : 'an ordinary account'}, and is rotated now.`, 'green')
    if (marked) print.next('claviger breakglass kit --to FILE')
  })
}
