import { checkOut as api, type CredentialKind, call, credentialKind } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import { CliError } from '../../kit/exit.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { findGrant } from '../find.ts'
import { codeFile } from '../people/change.ts'
import { showFor } from './show-for.ts'
import { refuseExisting, writeOut, writeValue } from './write-out.ts'

interface Options extends GlobalOptions {
  credential?: CredentialKind
  stdout?: boolean
  out?: string
  codeFile?: string
}

/** How long a credential stands on a terminal, unless somebody presses Enter before. */
const shownSeconds = 30
/** What scrolled away cannot be taken away. */
const longestShown = 16_384

export const reveal: CommandFile = (cli, act) =>
  cli
    .command('reveal <account@target>')
    .summary('see the credential of an account that you hold')
    .description(
      `Takes a fresh code. Who saw which version is in the audit log before it is shown. On a terminal it is taken away again after ${shownSeconds} seconds; anywhere else it is written with --stdout only.`,
    )
    .addOption(new Option('--credential <kind>', 'which, where the account has several').choices(credentialKind.options))
    .option('--stdout', 'write the credential alone to standard output, for a pipe; nothing takes it away from there')
    .option('--out <file>', 'write it into a file that is made, for you alone; nothing takes it away from there')
    .option(...codeFile)
    .addHelpText(
      'after',
      examples({
        'claviger reveal admin@cache01': 'then type your code',
        'claviger reveal admin@cache01 --stdout | wl-copy': 'into the clipboard, without showing it',
      }),
    )
    .action(act(run))

const run: Run<Options> = async (shell, { credential, stdout, out, codeFile }, name = '') => {
  const { print, io } = shell
  if (out !== undefined) refuseExisting(out)
  if (!stdout && out === undefined && io.stdout.isTTY !== true)
    throw new CliError(
      'usage',
      'Standard output is no terminal, so the credential is not written to it.',
      `claviger reveal ${name} --stdout`,
    )
  const grant = await findGrant(shell, name)
  if (!grant) throw new CliError('notGranted', `You do not hold ${name}.`, `claviger check-out ${name} --for 30m --reason …`)
  const code = (await shell.ask.hidden(`Your code shows the credential of ${name}`, codeFile, '--code-file')).replaceAll(' ', '')
  const body = { code, ...(credential && { credential }) }
  const shown = await shell.get(call(shell.server, api.revealCredential, { params: { id: grant.id }, body }))
  if (out !== undefined) {
    writeOut(out, shown)
    print.answer({ written: out, credential: shown.credential, version: shown.version }, () =>
      print.line(`Wrote ${shown.credential} v${shown.version} of ${name} into ${out}, readable by you alone.`, 'green'),
    )
    return
  }
  if (stdout) {
    print.answer({ revealed: shown }, () => writeValue(shell, shown))
    return
  }
  if (shown.encoding === 'base64')
    throw new CliError('usage', 'It is a file, and no terminal shows it.', `claviger reveal ${name} --credential file --out FILE`)
  if (shown.value.length > longestShown)
    throw new CliError('usage', 'It is too long for a terminal to take away again.', `claviger reveal ${name} --out FILE`)
  await showFor(io, `${shown.credential} v${shown.version} of ${name}, until ${print.time(shown.until)}:`, shown.value, shownSeconds)
}
