import { retention as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { codeFile } from '../people/change.ts'

interface Options extends GlobalOptions {
  reason: string
  codeFile?: string
}

export const holdsLift: CommandFile = (cli, act) =>
  cli
    .command('lift <hold>')
    .summary('lift a legal hold that another officer placed')
    .description('As a security officer: what it covered is kept as its class says from now on.')
    .requiredOption('--reason <text>', 'why; it stands in the audit log')
    .option(...codeFile)
    .addHelpText('after', examples({ 'claviger holds lift lho_4f9k2m7q1x --reason "the case is closed"': 'then type your code' }))
    .action(act(run))

const run: Run<Options> = async (shell, options, id = '') => {
  const code = (await shell.ask.hidden(`Your code lifts ${id}`, options.codeFile, '--code-file')).replaceAll(' ', '')
  const done = await shell.get(call(shell.server, api.liftHold, { params: { id }, body: { reason: options.reason, code } }))
  shell.print.answer(done, () => shell.print.line(`${id} is lifted.`, 'green'))
}
