import { policy as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { codeFile } from '../people/change.ts'

interface Options extends GlobalOptions {
  codeFile?: string
}

export const policyWithdraw: CommandFile = (cli, act) =>
  cli
    .command('withdraw <change>')
    .summary('withdraw a change of policies that waits')
    .description('Your own, or somebody else’s that shall not come into force.')
    .option(...codeFile)
    .addHelpText('after', examples({ 'claviger policy withdraw pch_4f9k2m7q1x': 'then type your code' }))
    .action(act(run))

const run: Run<Options> = async (shell, options, id = '') => {
  const code = (await shell.ask.hidden(`Your code withdraws ${id}`, options.codeFile, '--code-file')).replaceAll(' ', '')
  const done = await shell.get(call(shell.server, api.withdrawPolicies, { params: { id }, body: { code } }))
  shell.print.answer(done, () => shell.print.line(`${id} is withdrawn.`, 'green'))
}
