import { call, session } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'

export const sessionsCommands: CommandFile = (cli, act) =>
  cli
    .command('commands <session>')
    .summary('the commands of a session, and whether its recording is whole')
    .description('Lists the commands with their times, and says what verification of the sealed file found. Exits 1 when it is not whole.')
    .addHelpText('after', examples({ 'claviger sessions commands ses_4f9k2m7q1x': 'what was typed, as far as the target echoed it' }))
    .action(act(run))

const run: Run<GlobalOptions> = async (shell, _options, id = '') => {
  const { print } = shell
  const replay = await shell.get(call(shell.server, session.replayCommands, { params: { id } }), 'Opening the recording')
  const { commands, keystrokes, verified } = replay
  print.answer({ session: id, ...replay }, () => {
    print.table(
      [
        { title: 'AT', value: (c) => `${c.seconds.toFixed(1)}s` },
        { title: 'COMMAND', value: (c) => c.text, style: () => 'bold' },
      ],
      commands,
      'No command was recognised.',
    )
    print.hint(`${keystrokes.proven} keystrokes proven by the target's echo, ${keystrokes.unproven} not proven and not shown.`)
    print.hint(`Recording: ${verified.message}`)
  })
  if (!verified.ok) process.exitCode = 1
}
