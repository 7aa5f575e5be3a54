import { type access, call, session } from '@claviger/api'
import { CliError } from '../kit/exit.ts'
import type { Shell } from '../kit/shell.ts'

/** Where a client of databases connects, whichever it is. */
export interface Connectable {
  connection: { host: string; port: number; user: string; database: string; url: string }
  /** In words. */
  tls: string
}

/** What another client needs to be told, and the ticket where it is asked for. */
export async function printConnection(
  shell: Shell,
  options: { showTicket?: boolean },
  grant: access.Grant,
  { connection, tls }: Connectable,
): Promise<void> {
  const { io } = shell
  // a ticket in a pipe ends up in a file or a log; whoever wants one there asks the API
  if (options.showTicket && !io.stdout.isTTY)
    throw new CliError('usage', 'A ticket is shown on a terminal only.', 'claviger connect … --print --show-ticket, on a terminal')
  const issued = options.showTicket ? await shell.get(call(shell.server, session.issueTicket, { params: { id: grant.id } })) : undefined
  shell.print.answer({ connection, grant: { id: grant.id, endsAt: grant.endsAt } }, () => {
    shell.print.facts([
      ['address', connection.url, 'bold'],
      ['host', connection.host],
      ['port', String(connection.port)],
      ['user', connection.user],
      ['database', connection.database],
      ['TLS', tls],
      ['grant', `${grant.id} until ${shell.print.time(grant.endsAt)}`],
    ])
    if (!issued) shell.print.hint('The password is a connection ticket of five minutes: add --show-ticket, or take one in the console.')
  })
  if (!issued) return
  // past the writer, which would blank it: to be shown is what was asked for
  io.stdout.write(`\n${issued.ticket}\n`)
  shell.print.hint(`Paste it as the password before ${shell.print.time(issued.expiresAt)}; it is good from this address alone.`)
}
