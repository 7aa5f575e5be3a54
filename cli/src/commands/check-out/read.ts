import { checkOut as api, call } from '@claviger/api'
import { Option } from 'commander'
import type { CommandFile, Run } from '../../kit/command.ts'
import { examples } from '../../kit/examples.ts'
import type { GlobalOptions } from '../../kit/shell.ts'

interface Options extends GlobalOptions {
  ticketFile: string
  credential?: 'password' | 'ssh-key'
}

export const read: CommandFile = (cli, act) =>
  cli
    .command('read')
    .summary('read a credential by a read ticket, for programs')
    .description(
      'Writes the credential alone to standard output; no sign-in is needed. Each read is in the audit log in the name of whom the ticket was given.',
    )
    .requiredOption('--ticket-file <file>', 'the file of `claviger read-ticket`; - for standard input')
    .addOption(new Option('--credential <kind>', 'which, where the account has both').choices(['password', 'ssh-key']))
    .addHelpText('after', examples({ 'claviger read --ticket-file ~/.app-ticket | app --password-stdin': '' }))
    .action(act(run))

const run: Run<Options> = async (shell, { ticketFile, credential }) => {
  const { print, anonymous } = shell
  const ticket = (await shell.ask.hidden('Read ticket', ticketFile, '--ticket-file')).trim()
  shell.hide(ticket)
  const server = { ...anonymous, headers: { ...anonymous.headers, authorization: `Bearer ${ticket}` } }
  const shown = await shell.get(call(server, api.readCredential, { query: credential ? { credential } : {} }))
  print.answer({ read: shown }, () => print.line(shown.value))
}
