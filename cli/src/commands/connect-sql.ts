import { type access, call, type inventory, session } from '@claviger/api'
import { CliError } from '../kit/exit.ts'
import type { Shell } from '../kit/shell.ts'
import { connectionTo, connectionUrl } from '../postgres/connection.ts'
import { runPsql } from '../postgres/run.ts'

export interface SqlOptions {
  database?: string
  print?: boolean
  showTicket?: boolean
}

/** A session in a database: psql with a ticket that it finds by itself, or what another client needs to be told. */
export async function connectSql(
  shell: Shell,
  options: SqlOptions,
  { where, target, grant, args }: { where: string; target: inventory.Target; grant: access.Grant; args: readonly string[] },
): Promise<void> {
  const usual = target.settings.database
  const connection = await connectionTo(shell, where, options.database ?? (typeof usual === 'string' ? usual : 'postgres'))
  if (options.print || shell.print.json) return await print(shell, options, grant, connection)
  const { ticket } = await shell.get(call(shell.server, session.issueTicket, { params: { id: grant.id } }))
  shell.hide(ticket)
  // what psql came to is for whoever called us, not for our own table of exit codes
  process.exitCode = await runPsql(connection, ticket, args)
}

async function print(
  shell: Shell,
  options: SqlOptions,
  grant: access.Grant,
  connection: Awaited<ReturnType<typeof connectionTo>>,
): Promise<void> {
  const { io } = shell
  const url = connectionUrl(connection)
  // a ticket in a pipe ends up in a file or a log; whoever wants one there asks the API
  if (options.showTicket && !io.stdout.isTTY)
    throw new CliError('usage', 'A ticket is shown on a terminal only.', 'claviger connect … --print --show-ticket, on a terminal')
  const issued = options.showTicket ? await shell.get(call(shell.server, session.issueTicket, { params: { id: grant.id } })) : undefined
  shell.print.answer({ connection: { ...connection, url }, grant: { id: grant.id, endsAt: grant.endsAt } }, () => {
    shell.print.facts([
      ['address', url, 'bold'],
      ['host', connection.host],
      ['port', String(connection.port)],
      ['user', connection.user],
      ['database', connection.database],
      ['TLS', `${connection.sslmode}, authority in ${connection.sslrootcert}`],
      ['grant', `${grant.id} until ${shell.print.time(grant.endsAt)}`],
    ])
    if (!issued) shell.print.hint('The password is a connection ticket of five minutes: add --show-ticket, or take one in the console.')
  })
  if (!issued) return
  // past the writer, which would blank it: to be shown is what was asked for
  io.stdout.write(`\n${issued.ticket}\n`)
  shell.print.hint(`Paste it as the password before ${shell.print.time(issued.expiresAt)}; it is good from this address alone.`)
}
