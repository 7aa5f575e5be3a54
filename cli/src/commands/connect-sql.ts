import { type access, call, type inventory, session } from '@claviger/api'
import type { Shell } from '../kit/shell.ts'
import { connectionTo, connectionUrl } from '../postgres/connection.ts'
import { runPsql } from '../postgres/run.ts'
import { printConnection } from './print-connection.ts'

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
  if (options.print || shell.print.json) {
    const url = connectionUrl(connection)
    const tls = `${connection.sslmode}, authority in ${connection.sslrootcert}`
    return await printConnection(shell, options, grant, { connection: { ...connection, url }, tls })
  }
  const { ticket } = await shell.get(call(shell.server, session.issueTicket, { params: { id: grant.id } }))
  shell.hide(ticket)
  // what psql came to is for whoever called us, not for our own table of exit codes
  process.exitCode = await runPsql(connection, ticket, args)
}
