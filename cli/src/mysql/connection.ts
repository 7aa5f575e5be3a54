import { call, session } from '@claviger/api'
import type { Shell } from '../kit/shell.ts'
import { fetchGatewayCa } from '../postgres/gateway-ca.ts'

/** Everything that a client of MySQL needs but for the ticket. Nothing in it is secret. */
export interface MysqlConnection {
  host: string
  port: number
  /** person@account@target */
  user: string
  /** Empty for none. */
  database: string
  /** File with the authority of the gateway's certificate. */
  sslCa: string
}

/** Where the person's own account is reached. */
export async function mysqlConnectionTo(shell: Shell, where: string, database: string): Promise<MysqlConnection> {
  const { mysql } = await shell.get(call(shell.server, session.gateways))
  return { ...mysql, user: `${shell.signedIn.name}@${where}`, database, sslCa: await fetchGatewayCa(shell) }
}

/** For clients that take an address. The ticket is not in it: addresses end up in histories and logs. */
export function mysqlUrl({ host, port, user, database }: MysqlConnection): string {
  const place = host.includes(':') ? `[${host}]` : host
  return `mysql://${encodeURIComponent(user)}@${place}:${port}/${encodeURIComponent(database)}`
}

/** An option file (MariaDB docs, "Configuring MariaDB with Option Files") from which the client takes everything, the ticket included. */
export function optionFile({ host, port, user, database, sslCa }: MysqlConnection, ticket: string): string {
  const value = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
  const options = { host, port: `${port}`, user, password: ticket, 'ssl-ca': sslCa, protocol: 'tcp' }
  const lines = Object.entries(options).map(([name, text]) => `${name}=${value(text)}`)
  const client = ['[client]', ...lines, 'ssl-verify-server-cert']
  return `${[...client, ...(database === '' ? [] : ['[mysql]', `database=${value(database)}`])].join('\n')}\n`
}
