import { policy as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { codeFile } from '../people/change.ts'
import { showEffects } from './show-effects.ts'

interface Options extends GlobalOptions {
  codeFile?: string
}

export const policyApprove: CommandFile = (cli, act) =>
  cli
    .command('approve <change>')
    .summary('approve policies that somebody else proposed')
    .description('Shows what would become different for whom, and puts it in force with your code. Not what you proposed yourself.')
    .option(...codeFile)
    .addHelpText('after', examples({ 'claviger policy approve pch_4f9k2m7q1x': 'look, then type your code' }))
    .action(act(run))

const run: Run<Options> = async (shell, options, id = '') => {
  const { print } = shell
  const { changes } = await shell.get(call(shell.server, api.policyChanges))
  const change = changes.find((one) => one.id === id)
  if (!change) throw new CliError('failed', `There is no change of policies ${id}.`, 'claviger policy changes')
  if (!options.json && change.state === 'proposed') {
    print.line(`Proposed by ${change.proposedBy}: ${change.reason}`, 'bold')
    const policies = change.edits.map(({ name, after }) => ({ name, text: after }))
    showEffects(print, await shell.get(call(shell.server, api.previewPolicies, { body: { policies } })))
  }
  const code = (await shell.ask.hidden(`Your code puts ${id} in force`, options.codeFile, '--code-file')).replaceAll(' ', '')
  const done = await shell.get(call(shell.server, api.approvePolicies, { params: { id }, body: { code } }))
  print.answer(done, () => print.line(`${id} is in force.`, 'green'))
}
