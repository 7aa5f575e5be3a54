import { unproven as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../../kit/command.ts'
import { examples } from '../../../kit/examples.ts'
import type { GlobalOptions } from '../../../kit/shell.ts'
import { codeFile } from '../../people/change.ts'

interface Options extends GlobalOptions {
  reason: string
  codeFile?: string
}

export const unprovenAsk: CommandFile = (cli, act) =>
  cli
    .command('ask <session>')
    .summary('ask to see what was typed unseen in a session')
    .description(
      'As a security officer, and not of a session of your own. Nothing is shown until another officer approves it, within a day.',
    )
    .requiredOption('--reason <text>', 'why; it stands in the audit log')
    .option(...codeFile)
    .addHelpText(
      'after',
      examples({ 'claviger sessions unproven ask ses_4f9k2m7q1x --reason "INC-4711: echo was switched off"': 'then type your code' }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, options, id = '') => {
  const { print } = shell
  const code = (await shell.ask.hidden('Your code asks for it', options.codeFile, '--code-file')).replaceAll(' ', '')
  const done = await shell.get(call(shell.server, api.askForInput, { params: { id }, body: { reason: options.reason, code } }))
  print.answer(done, () => {
    print.line(`${done.id} waits for another security officer.`, 'green')
    print.next(`claviger sessions unproven approve ${done.id}`)
  })
}
