import { breakGlass as api, call } from '@claviger/api'
import { Argument } from 'commander'
import { castText, playCast } from '../../cast/play.ts'
import { readCast } from '../../cast/read.ts'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import { writePrivate } from '../../kit/files.ts'
import type { GlobalOptions, Shell } from '../../kit/shell.ts'

interface Options extends GlobalOptions {
  to?: string
}

export const breakglassRecording: CommandFile = (cli, act) =>
  cli
    .command('recording')
    .addArgument(new Argument('<recording>', 'its id, as claviger breakglass says it'))
    .summary('replay what was recorded under an opened kit')
    .description('For security and auditors. That you saw it is in the ledger.')
    .option('--to <file>', 'write it as asciicast instead')
    .addHelpText('after', examples({ 'claviger breakglass recording bgr_4f9k2m7q1x --to opened.cast': 'for any player' }))
    .action(act(run))

const run: Run<Options> = async (shell, { to }, id = '') => {
  const { io, print } = shell
  const text = await fetched(shell, id)
  if (to !== undefined) {
    writePrivate(to, text)
    return print.answer({ recording: id, file: to }, () => print.line(to))
  }
  const cast = readCast(text)
  if (print.json) return print.answer({ recording: id, ...cast }, () => undefined)
  if (!io.stdout.isTTY) return print.raw(castText(cast))
  const interrupt = new AbortController()
  process.once('SIGINT', () => interrupt.abort())
  await playCast(cast, { speed: 1, idleLimit: 2 }, (output) => print.raw(output), interrupt.signal)
}

async function fetched(shell: Shell, id: string): Promise<string> {
  let text = ''
  for (;;) {
    const query = { from: text.length }
    const { part, total } = await shell.get(call(shell.server, api.kitRecording, { params: { id }, query }), 'Opening the recording')
    text += part
    if (text.length >= total) return text
    if (part === '') throw new CliError('failed', 'The server did not give the whole recording. Try again.')
  }
}
