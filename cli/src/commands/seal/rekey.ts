import type { CommandFile, Run } from '../../kit/command.ts'
import { shareCustodianFlag } from '../../kit/custodians.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import { wholeNumber } from '../../kit/whole-number.ts'
import { type CeremonyOptions, leadCeremony, look, wishOf } from './take-part.ts'

interface Options extends CeremonyOptions {
  shares: number
  threshold: number
}

const count = wholeNumber('a number from 2 to 16', 2, 16)

export const rekey: CommandFile = (cli, act) =>
  cli
    .command('rekey')
    .summary('a new root key under the same seal; with shares: a new set for custodians')
    .description(
      'For an administrator and a security officer together: one begins here, the other confirms with claviger ceremony confirm. Where custodians hold shares, as many as open the server give theirs with claviger ceremony share; then the new shares are shown, each to its custodian, who types it back. With the last one the new set counts and the old shares open nothing. Until then nothing is changed, whatever happens.',
    )
    .option('--shares <n>', 'how many custodians, 2 to 16', count, 5)
    .option('--threshold <k>', 'how many of them open the server', count, 3)
    .option('--code-file <file>', 'take the code from the first line of a file, or from standard input: -')
    .option(...shareCustodianFlag)
    .option('--out-dir <folder>', 'write each share to a file of its own there, readable by you alone; each is then typed back elsewhere')
    .addHelpText('after', examples({ 'claviger rekey --shares 5 --threshold 3': 'new shares, any three of five' }))
    .action(act(run))

const run: Run<Options> = async (shell, options) => {
  const { shares, threshold } = options
  const { kind } = await look(shell)
  if (
    kind === 'shamir' &&
    !options.json &&
    !options.custodian &&
    options.outDir === undefined &&
    !(shell.ask.possible && shell.io.stdout.isTTY)
  )
    throw new CliError('usage', 'Shares are shown to one custodian after another, and there is no terminal. Give --out-dir or --json.')
  const done = await leadCeremony(shell, { goal: 'replace', ...wishOf(options, shares), threshold }, options)
  if (done && kind !== 'shamir')
    shell.print.answer({ done }, () => shell.print.line(`A new root key counts, under the seal "${kind}".`, 'green'))
}
