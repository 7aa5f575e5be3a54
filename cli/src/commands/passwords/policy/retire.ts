import { passwords as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../../kit/command.ts'
import { examples } from '../../../kit/examples.ts'
import type { GlobalOptions } from '../../../kit/shell.ts'
import { codeFile } from '../../people/change.ts'
import { findPolicy } from './find-policy.ts'

interface Options extends GlobalOptions {
  codeFile?: string
}

export const policyRetire: CommandFile = (cli, act) =>
  cli
    .command('retire <name>')
    .summary('take a password policy or an exception out of force')
    .description('What was demanded or excepted by it no longer is. It stays in the list of all, and its name is free again.')
    .option(...codeFile)
    .addHelpText('after', examples({ 'claviger passwords policy retire old-router': 'then type your code' }))
    .action(act(run))

const run: Run<Options> = async (shell, options, name = '') => {
  const { print } = shell
  const { id } = await findPolicy(shell, name)
  const code = (await shell.ask.hidden(`Your code retires the password policy ${name}`, options.codeFile, '--code-file')).replaceAll(
    ' ',
    '',
  )
  const retired = await shell.get(call(shell.server, api.changePasswordPolicy, { params: { id }, body: { state: 'retired', code } }))
  print.answer(retired, () => print.line(`${name} is retired.`, 'green'))
}
