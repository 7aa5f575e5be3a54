import { call, session } from '@claviger/api'
import { InvalidArgumentError, Option } from 'commander'
import { castText, playCast } from '../../cast/play.ts'
import { readCast } from '../../cast/read.ts'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { filesText } from './files-text.ts'
import { statementsText } from './statements-text.ts'

interface Options extends GlobalOptions {
  speed: number
  idleLimit: number
  text?: boolean
}

export const sessionsPlay: CommandFile = (cli, act) =>
  cli
    .command('play <session>')
    .summary('replay a recording in the terminal')
    .description(
      'Replays what was shown in a session, or prints the statements of an SQL session or what a transfer of files did, opened from the sealed file. Ctrl-C stops it. That you watched is recorded.',
    )
    .addOption(new Option('--speed <factor>', 'how many times as fast').argParser(positive).default(1))
    .addOption(new Option('--idle-limit <seconds>', 'cut pauses down to this').argParser(positive).default(2))
    .option('--text', 'print what was shown as text instead; always so in a pipe')
    .addHelpText(
      'after',
      examples({
        'claviger sessions play ses_4f9k2m7q1x --speed 4': 'four times as fast',
        'claviger sessions play ses_4f9k2m7q1x --text | less': 'to read and search',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, { speed, idleLimit, text }, id = '') => {
  const { io, print } = shell
  const { kind } = await shell.get(call(shell.server, session.getSession, { params: { id } }))
  if (kind === 'sql') {
    // nothing was on a screen: what there is to play are the statements
    if (print.json) throw new CliError('usage', 'An SQL session has statements instead.', `claviger sessions statements ${id} --json`)
    return print.raw(await statementsText(shell, id))
  }
  if (kind === 'files') {
    if (print.json) throw new CliError('usage', 'A transfer of files has no screen.', `claviger sessions files ${id} --json`)
    return print.raw(await filesText(shell, id))
  }
  if (kind === 'forward')
    throw new CliError('usage', 'What passed in forwarded connections is not recorded.', `claviger sessions forwards ${id}`)
  const cast = readCast(await shell.get(call(shell.server, session.replayCast, { params: { id } }), 'Opening the recording'))
  if (print.json) return print.answer({ session: id, ...cast }, () => undefined)
  if (text || !io.stdout.isTTY) return print.raw(castText(cast))
  const { columns = 0 } = io.stdout
  if (columns < cast.width) print.hint(`The recording is ${cast.width} columns wide, this terminal ${columns}.`)
  const interrupt = new AbortController()
  process.once('SIGINT', () => interrupt.abort())
  await playCast(cast, { speed, idleLimit }, (output) => print.raw(output), interrupt.signal)
}

function positive(text: string): number {
  const number = Number(text)
  if (!(number > 0 && number <= 1000)) throw new InvalidArgumentError('Give a number above 0, at most 1000.')
  return number
}
