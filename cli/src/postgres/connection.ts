import { call, session } from '@claviger/api'
import type { Shell } from '../kit/shell.ts'
import { fetchGatewayCa } from './gateway-ca.ts'

/** Everything that a database client needs but for the ticket. Nothing in it is secret. */
export interface Connection {
  host: string
  port: number
  /** person@account@target */
  user: string
  database: string
  sslmode: 'verify-full'
  sslrootcert: string
}

/** Where the person's own account is reached. `database` where the person names one; else what the target's settings say. */
export async function connectionTo(shell: Shell, where: string, database: string): Promise<Connection> {
  const { postgres } = await shell.get(call(shell.server, session.gateways))
  const sslrootcert = await fetchGatewayCa(shell)
  return { ...postgres, user: `${shell.signedIn.name}@${where}`, database, sslmode: 'verify-full', sslrootcert }
}

/** For clients that take an address (PostgreSQL docs, "Connection URIs"). The ticket is not in it: addresses end up in histories and logs. */
export function connectionUrl({ host, port, user, database, sslmode, sslrootcert }: Connection): string {
  const query = new URLSearchParams({ sslmode, sslrootcert })
  const place = host.includes(':') ? `[${host}]` : host
  return `postgresql://${encodeURIComponent(user)}@${place}:${port}/${encodeURIComponent(database)}?${query}`
}

/** A line of a password file (PostgreSQL docs, "The Password File"). */
export function passwordLine({ host, port, user }: Pick<Connection, 'host' | 'port' | 'user'>, ticket: string): string {
  const field = (text: string) => text.replaceAll(/[\\:]/g, (c) => `\\${c}`)
  return `${[host, String(port), '*', user, ticket].map((text) => (text === '*' ? text : field(text))).join(':')}\n`
}
