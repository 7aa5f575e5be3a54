import { randomBytes } from 'node:crypto'
import { breakGlass as api, call } from '@claviger/api'
import { Argument } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import { readGivenWhole } from '../../kit/questions.ts'
import type { GlobalOptions } from '../../kit/shell.ts'

const partLength = 150_000

export const breakglassAdopt: CommandFile = (cli, act) =>
  cli
    .command('adopt')
    .addArgument(new Argument('<recording>', 'the file that claviger breakglass open wrote'))
    .summary('bring back what was recorded under an opened kit; the account is rotated')
    .description(
      'For members of security and administrators. Every piece is opened and seen to follow the one before; what was changed or taken out is named by its line. It stands in the ledger, and that the kit was opened is an alarm.',
    )
    .addHelpText('after', examples({ 'claviger breakglass adopt claviger-root@web01-20260115T0930.recording': 'once the server is up' }))
    .action(act(run))

const run: Run<GlobalOptions> = async (shell, _options, file = '') => {
  const { print } = shell
  const text = readGivenWhole(file, 'RECORDING')
  const upload = randomBytes(16).toString('hex')
  for (let from = 0; ; from += partLength) {
    const last = from + partLength >= text.length
    const body = { upload, text: text.slice(from, from + partLength), last }
    const { adopted } = await shell.get(call(shell.server, api.adoptRecording, { body }), 'Bringing it back')
    if (!last) continue
    if (!adopted) throw new CliError('failed', 'The server did not say what became of it.', 'claviger breakglass')
    return print.answer({ recording: adopted }, () => {
      print.line(
        `${adopted.id}: ${adopted.pieces} pieces, ${adopted.whole ? 'whole' : 'its end is missing'}. The account is rotated.`,
        adopted.whole ? 'green' : 'yellow',
      )
      print.next(`claviger breakglass recording ${adopted.id}`)
    })
  }
}
