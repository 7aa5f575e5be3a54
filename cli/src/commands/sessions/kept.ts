import { retention as api, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions } from '../../kit/shell.ts'

export const sessionsKept: CommandFile = (cli, act) =>
  cli
    .command('kept <session>')
    .summary('until when a recording is kept, or what is left of it')
    .description(
      'Says by which class and until when the recording of a session is kept, and whether it is under legal hold. Of one that was destroyed: when, and whether its manifest in the ledger verifies.',
    )
    .addHelpText('after', examples({ 'claviger sessions kept ses_4f9k2m7q1x': 'until when' }))
    .action(act(run))

const run: Run<GlobalOptions> = async (shell, _options, id = '') => {
  const { print } = shell
  const kept = await shell.get(call(shell.server, api.sessionKept, { params: { id } }))
  const forged = kept.manifest === 'forged'
  print.answer(kept, () => {
    print.line(kept.message, forged ? 'red' : kept.state === 'destroyed' ? 'yellow' : 'green')
    print.facts([
      ['recording', kept.recording],
      ['class', kept.class ?? '–'],
      ['kept until', kept.until ? print.time(kept.until) : 'without a date'],
      ['legal hold', kept.held ? 'yes' : 'no'],
      ['manifest', kept.manifest],
    ])
    if (kept.state === 'destroyed')
      print.hint('It is complete when the backups of the database and of the recordings that hold it are gone.')
  })
  if (forged) throw new CliError('refused', 'The manifest of this recording was not signed by the keeper.', 'claviger audit verify')
}
