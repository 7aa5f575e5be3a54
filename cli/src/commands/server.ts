import type { CommandFile, Run } from '../kit/command.ts'
import { examples } from '../kit/examples.ts'
import { CliError } from '../kit/exit.ts'
import type { GlobalOptions } from '../kit/shell.ts'

/** Stands in the help; the launcher starts the server itself before it comes to us. */
export const server: CommandFile = (cli, act) =>
  cli
    .command('server')
    .summary('start the server')
    .description('Starts the server with what it needs; Ctrl-C stops it. docs/operating.md describes its settings.')
    .addHelpText('after', examples({ 'claviger server': 'without the lab', 'npm start': 'with the lab' }))
    .action(act(run))

const run: Run<GlobalOptions> = async () => {
  throw new CliError('usage', 'The server is started by the claviger launcher in the clone.', './claviger server')
}
