import { breakGlass as api, audit, call } from '@claviger/api'
import type { CommandFile, Run } from '../../kit/command.ts'
import { type Custodian, custodianFlag } from '../../kit/custodians.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { wholeNumber } from '../../kit/whole-number.ts'
import { makeLocationKey } from '../../kits/make-location-key.ts'
import { codeFile } from '../people/change.ts'
import { madeReady, writeShares } from '../seal/share-files.ts'

interface Options extends GlobalOptions {
  threshold: number
  custodian?: Custodian[]
  outDir?: string
  codeFile?: string
}

export const breakglassInit: CommandFile = (cli, act) =>
  cli
    .command('init')
    .summary('as an administrator: make the key for emergencies, split it among custodians, and bring its public half')
    .description(
      'Runs on your own machine: the private half is made here, split, encrypted share by share to the custodians, and forgotten; the server only ever gets the public half and what the custodians alone can open. A security officer confirms it. A second key replaces the first, and every account for emergencies is rotated to it.',
    )
    .option('--threshold <k>', 'how many custodians open it', wholeNumber('a number from 2 to 16', 2, 16), 2)
    .option(...custodianFlag)
    .option('--out-dir <folder>', "also write each custodian's share to a file of its own, to be kept by them")
    .option(...codeFile)
    .addHelpText(
      'after',
      examples({
        'claviger breakglass init --threshold 2 --custodian bob=age1… --custodian carol=age1… --custodian dan=age1…': 'any two of three',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, { threshold, custodian: custodians = [], outDir, codeFile }) => {
  if (custodians.length < 2)
    throw new CliError(
      'usage',
      'It takes the keys of two custodians or more: --custodian NAME=age1… for each.',
      'claviger share key --to FILE',
    )
  if (threshold > custodians.length)
    throw new CliError('usage', `${threshold} of ${custodians.length} cannot be: name more custodians, or need fewer.`)
  if (outDir !== undefined) madeReady(outDir)
  const { verifierKey } = await shell.get(call(shell.server, audit.checkpoint))
  const key = await makeLocationKey(custodians, threshold, verifierKey)
  const code = (await shell.ask.hidden('Your code brings this key', codeFile, '--code-file')).replaceAll(' ', '')
  const brought = await shell.get(call(shell.server, api.proposeKey, { body: { code, ...key } }))
  const shares = { shares: key.custodians.map((c) => c.share), set: `breakglass-${brought.id.slice(4)}` }
  const files = outDir === undefined ? [] : writeShares(outDir, shares, 'Run claviger breakglass init again', custodians)
  shell.print.answer({ key: brought, files }, () => {
    shell.print.line(`Brought: ${brought.recipient}`, 'green')
    for (const file of files) shell.print.line(file)
    shell.print.hint(
      'Its private half is nowhere any more but in the shares. A security officer compares the line above with you and confirms it:',
    )
    shell.print.next('claviger breakglass confirm')
  })
}
