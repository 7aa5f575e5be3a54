interface Place {
  host: string
  port: number
  user: string
}

/** What to type for mariadb. It asks for the ticket, which is not in it: commands end up in histories. */
export const mariadbCommand = ({ host, port, user }: Place): string =>
  `mariadb -h ${host} -P ${port} -u ${quoted(user)} -p --ssl-ca=claviger-gateway-ca.pem --ssl-verify-server-cert`

const quoted = (text: string): string => (/^[\w@.:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)

/** The same for clients that take an address. The ticket is typed or pasted where they ask for a password. */
export function mysqlUri({ host, port, user }: Place): string {
  const at = host.includes(':') ? `[${host}]` : host
  return `mysql://${encodeURIComponent(user)}@${at}:${port}/`
}
