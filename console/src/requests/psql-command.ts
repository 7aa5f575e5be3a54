/** What to type for psql. It asks for the ticket, which is not in it: commands end up in histories. */
export function psqlCommand({ host, port, user, database }: { host: string; port: number; user: string; database: string }): string {
  const fields = { host, port, user, dbname: database, sslmode: 'verify-full', sslrootcert: 'claviger-gateway-ca.pem' }
  return `psql "${Object.entries(fields)
    .map(([name, value]) => `${name}=${quoted(String(value))}`)
    .join(' ')}"`
}

/** A value of a connection string (PostgreSQL docs, "Keyword/Value Connection Strings"), inside a shell's double quotes. */
function quoted(value: string): string {
  if (/^[\w@.:-]+$/.test(value)) return value
  return `'${value.replaceAll(/['\\]/g, '\\$&')}'`.replaceAll(/["$`\\]/g, '\\$&')
}

/** The same for clients that take an address (PostgreSQL docs, "Connection URIs"). The ticket is typed or pasted where they ask for a password. */
export function psqlUri({ host, port, user, database }: { host: string; port: number; user: string; database: string }): string {
  const at = host.includes(':') ? `[${host}]` : host
  return `postgresql://${encodeURIComponent(user)}@${at}:${port}/${encodeURIComponent(database)}?sslmode=verify-full`
}
