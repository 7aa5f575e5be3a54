import { join } from 'node:path'
import { call, seal } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { type Custodian, shareCustodianFlag } from '../../kit/custodians.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions, Shell } from '../../kit/shell.ts'
import { asHost, hostToken } from './host-token.ts'
import { madeReady, writeShares } from './share-files.ts'
import { showEncrypted, showShares } from './show-shares.ts'

interface Options extends GlobalOptions {
  shares: string
  threshold: string
  outDir?: string
  custodian?: Custodian[]
}

export const init: CommandFile = (cli, act) =>
  cli
    .command('init')
    .summary('make the root key of a new server, and hand its shares to custodians')
    .description(
      "Runs on the server's own host, as the owner of its data folder (CLAVIGER_DATA). Splits the root key: any --threshold of the --shares open the server, fewer open nothing. Each share is shown once, to one custodian after another, and kept nowhere. Until the seal was opened once, this may be done again; then only the last shares count.",
    )
    .option('--shares <n>', 'how many custodians, 2 to 16', '5')
    .option('--threshold <k>', 'how many of them open the server', '3')
    .option('--out-dir <folder>', 'write each share to a file of its own there, readable by you alone')
    .option(...shareCustodianFlag)
    .addHelpText(
      'after',
      examples({
        'claviger init --shares 5 --threshold 3': 'any three of five custodians open it',
        'claviger init --threshold 2 --custodian bob=age1… --custodian carol=age1… --out-dir shares':
          'each share can be opened by its custodian alone',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, options) => {
  const { print, settings } = shell
  const { custodian: custodians } = options
  const body = {
    shares: custodians?.length ?? count(options.shares, '--shares'),
    threshold: count(options.threshold, '--threshold'),
    ...(custodians && { custodians }),
  }
  const token = hostToken(settings.data)
  if (token === undefined)
    throw new CliError(
      'refused',
      `${join(settings.data, 'run', 'host-token')} cannot be read: this runs on the server's host, as the owner of its data folder, while the server runs.`,
      'sudo CLAVIGER_DATA=… claviger init',
    )
  if (!options.json && !custodians && options.outDir === undefined && !(shell.ask.possible && shell.io.stdout.isTTY))
    throw new CliError('usage', 'Shares are shown to one custodian after another, and there is no terminal. Give --out-dir or --json.')
  if (options.outDir !== undefined) madeReady(options.outDir)
  const made = await shell.get(call(asHost(shell, token), seal.sealInit, { body }), 'Making the root key')
  const { shares, threshold, set } = made
  if (options.outDir !== undefined) return written(shell, options.outDir, made, custodians)
  // past the writer, which would blank them: they were asked for
  if (options.json) return void shell.io.stdout.write(`${JSON.stringify({ version: 1, set, threshold, shares })}\n`)
  if (custodians) showEncrypted(shell, shares, custodians)
  else await showShares(shell, shares)
  print.line(`Set ${set}: ${threshold} of ${shares.length} shares open the server. It is sealed now.`, 'green')
  print.next('claviger unseal')
}

function written(
  shell: Shell,
  folder: string,
  { shares, set, threshold }: { shares: string[]; set: string; threshold: number },
  custodians?: readonly Custodian[],
): void {
  const files = writeShares(folder, { shares, set }, 'Run claviger init again', custodians)
  shell.print.answer({ set, threshold, files }, () => {
    for (const file of files) shell.print.line(file)
    shell.print.hint(
      `Give each file to one custodian and remove it here. ${threshold} of ${shares.length} open the server. It is sealed now.`,
    )
    shell.print.next('claviger unseal')
  })
}

function count(text: string, flag: string): number {
  if (!/^\d{1,2}$/.test(text)) throw new CliError('usage', `${flag}: a number from 2 to 16.`)
  return Number(text)
}
