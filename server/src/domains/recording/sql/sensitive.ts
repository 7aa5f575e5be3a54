/*
 * What counts as secret in SQL. It decides what is masked, so it says yes too often rather than too rarely: a masked literal
 * that was harmless costs a reader a moment.
 */

/** Stands where something was masked. */
export const masked = '[masked]'

const words = [
  // pg_authid, user mappings, subscriptions, connection strings
  ...[
    'pas{1,2}w',
    'passf',
    'passph',
    'passcode',
    'pwd',
    'kennwort',
    'identified',
    'user\\s+mapping',
    'subscription',
    'connection',
    'dblink',
  ],
  // what applications keep in tables and settings
  ...['secret', 'token', 'api_?key', 'private_?key', 'access_?key', 'credential', 'bearer', 'jwt', 'otp'],
  // pgcrypto: keys and pass phrases are arguments
  ...['crypt', 'gen_salt', 'pgp_', 'hmac'],
  // SQL-level EXECUTE has values that belong to a statement elsewhere; PL/pgSQL's builds statements of strings
  'execute',
]
const shapes = [
  'scram-sha-256\\$',
  '\\bmd5[0-9a-f]{32}',
  '-----begin',
  // user:password@host in an address
  ":\\/\\/[^\\s:\\/@']{1,256}:[^\\s@']{1,256}@",
]
const inSql = new RegExp([...words, ...shapes].join('|'), 'i')
const inValue = new RegExp(['pas{1,2}w\\w{0,40}\\s{0,8}=', 'passfile', ...shapes].join('|'), 'i')

/** A statement, or a piece of one, in which literals may be secrets. */
export const isSensitive = (sql: string): boolean => inSql.test(sql)

/** A parameter that is a secret by its own shape: a connection string, a verifier, a private key. */
export const isSecretValue = (value: string): boolean => inValue.test(value)

/** Words after which even a bare word may be the secret, in text that no parser understands. */
export const secretFollows = /pas{1,2}w|passf|passph|passcode|pwd|kennwort|identified|secret|token|_key/i
