import { checkOut as api, type CredentialKind, call, credentialKind } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'
import { refuseExisting, writeOut, writeValue } from './write-out.ts'

interface Options extends GlobalOptions {
  ticketFile: string
  out?: string
  credential?: CredentialKind
}

export const read: CommandFile = (cli, act) =>
  cli
    .command('read')
    .summary('read a credential by a read ticket, for programs')
    .description(
      'Writes the credential alone to standard output; no sign-in is needed. Each read is in the audit log in the name of whom the ticket was given.',
    )
    .requiredOption('--ticket-file <file>', 'the file of `claviger read-ticket`; - for standard input')
    .addOption(new Option('--credential <kind>', 'which, where the account has several').choices(credentialKind.options))
    .option('--out <file>', 'write it into a file that is made, for you alone')
    .addHelpText('after', examples({ 'claviger read --ticket-file ~/.app-ticket | app --password-stdin': '' }))
    .action(act(run))

const run: Run<Options> = async (shell, { ticketFile, credential, out }) => {
  const { print, anonymous } = shell
  if (out !== undefined) refuseExisting(out)
  const ticket = (await shell.ask.hidden('Read ticket', ticketFile, '--ticket-file')).trim()
  shell.hide(ticket)
  const server = { ...anonymous, headers: { ...anonymous.headers, authorization: `Bearer ${ticket}` } }
  const shown = await shell.get(call(server, api.readCredential, { query: credential ? { credential } : {} }))
  if (out === undefined) return print.answer({ read: shown }, () => writeValue(shell, shown))
  writeOut(out, shown)
  print.answer({ written: out, credential: shown.credential, version: shown.version }, () => print.line(`Wrote it into ${out}.`, 'green'))
}
