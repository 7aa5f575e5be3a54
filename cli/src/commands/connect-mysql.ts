import { type access, call, type inventory, session } from '@claviger/api'
import type { Shell } from '../kit/shell.ts'
import { mysqlConnectionTo, mysqlUrl } from '../mysql/connection.ts'
import { runMariadb } from '../mysql/run.ts'
import type { SqlOptions } from './connect-sql.ts'
import { printConnection } from './print-connection.ts'

/** A session at a MySQL or MariaDB target: `mariadb` with a ticket that it finds by itself, or what another client needs to be told. */
export async function connectMysql(
  shell: Shell,
  options: SqlOptions,
  { where, grant, args }: { where: string; target: inventory.Target; grant: access.Grant; args: readonly string[] },
): Promise<void> {
  const connection = await mysqlConnectionTo(shell, where, options.database ?? '')
  if (options.print || shell.print.json) {
    const tls = `required, the certificate checked by the authority in ${connection.sslCa}`
    return await printConnection(shell, options, grant, { connection: { ...connection, url: mysqlUrl(connection) }, tls })
  }
  const { ticket } = await shell.get(call(shell.server, session.issueTicket, { params: { id: grant.id } }))
  shell.hide(ticket)
  // the gateway says it in its answer to the login, which this client does not show
  shell.print.hint(`This session is recorded: ${connection.user}, under grant ${grant.id} until ${shell.print.time(grant.endsAt)}.`)
  // what the client came to is for whoever called us, not for our own table of exit codes
  process.exitCode = await runMariadb(connection, ticket, args)
}
