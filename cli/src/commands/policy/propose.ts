import { policy as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { codeFile } from '../people/change.ts'
import { retire, type WhichPolicies } from './preview.ts'
import { readPolicies } from './read-policies.ts'
import { showEffects } from './show-effects.ts'

interface Options extends WhichPolicies {
  reason: string
  codeFile?: string
}

export const policyPropose: CommandFile = (cli, act) =>
  cli
    .command('propose [paths...]')
    .summary('propose other policies')
    .description(
      'As a security officer or administrator, from .cedar files or folders of them. Nothing changes until somebody else approves it.',
    )
    .option(...retire)
    .requiredOption('--reason <text>', 'why; it stands in the audit log')
    .option(...codeFile)
    .addHelpText('after', examples({ 'claviger policy propose tier-1.cedar --reason "two approvals from now on"': 'then type your code' }))
    .action(act(run))

const run: Run<Options> = async (shell, options, ...paths) => {
  const { print } = shell
  const policies = readPolicies(paths, options.retire)
  const preview = await shell.get(call(shell.server, api.previewPolicies, { body: { policies } }))
  if (!options.json) showEffects(print, preview)
  const code = (await shell.ask.hidden('Your code proposes this', options.codeFile, '--code-file')).replaceAll(' ', '')
  const done = await shell.get(call(shell.server, api.proposePolicies, { body: { policies, reason: options.reason, code } }))
  print.answer(done, () => {
    print.line(`${done.id} waits for another security officer or administrator.`, 'green')
    print.next(`claviger policy approve ${done.id}`)
  })
}
