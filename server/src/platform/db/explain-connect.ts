import type { DbConnection } from './open-db.ts'

/** What a refused connection means to the person who starts the server. Never with the password; `where` is host and database. */
export function explainConnect(error: unknown, { host, port, database, user }: DbConnection): string {
  const { code, message } = error as { code?: string; message?: string }
  const where = host.startsWith('/') ? `${host} (port ${port})` : `${host}:${port}`
  switch (code) {
    case '28P01':
      return `PostgreSQL at ${where} refuses the password of ${user}. Correct DATABASE_URL; a % or @ in a password stands as %25 or %40.`
    case '28000':
      return `PostgreSQL at ${where} does not let ${user} in: ${message}. Its pg_hba.conf must allow it by scram-sha-256.`
    case '3D000':
      return `PostgreSQL at ${where} has no database "${database}". Make it: create database "${database}" owner "${user}"`
    case '53300':
      return `PostgreSQL at ${where} takes no more connections. A server of ours needs up to 40: raise max_connections.`
    case '57P03':
      return `PostgreSQL at ${where} is starting or stopping. Start again in a moment.`
    case 'ECONNREFUSED':
    case 'ENOENT':
      return `Nothing answers at ${where}: is PostgreSQL running there, and is DATABASE_URL right?`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The name ${host} in DATABASE_URL is not known here.`
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `The certificate of the server at ${where} is for another name than ${host}. Use the name that it is for in DATABASE_URL.`
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return `The certificate of the server at ${where} is from nobody that is trusted here. Name the file of its authority in DATABASE_URL: sslrootcert=FILE.`
    case 'CERT_HAS_EXPIRED':
      return `The certificate of the server at ${where} has expired.`
  }
  if (message?.includes('does not support SSL'))
    return `PostgreSQL at ${where} speaks no TLS. Turn it on there (ssl = on): off this machine nothing else is used.`
  if (message?.includes('timeout')) return `${where} does not answer within ten seconds. Is the address right, and the way to it open?`
  return `PostgreSQL at ${where} could not be reached as ${user}: ${message ?? String(error)}`
}
