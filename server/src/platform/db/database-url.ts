import { readFileSync, statSync } from 'node:fs'
import { isIP } from 'node:net'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { DbConnection } from './open-db.ts'

const allowed = ['sslmode', 'sslrootcert', 'host', 'port']
const noHost = 'none.invalid'
const largestCa = 1024 * 1024

/**
 * Reads `postgres://user:password@host:port/database?sslmode=verify-full&sslrootcert=FILE`, as libpq writes it. A Unix socket is a
 * `host` that begins with a slash. Off this machine the server must prove who it is: verify-full and nothing less. What is refused
 * is said without the URL, which may hold a password.
 */
export function readDatabaseUrl(text: string): Result<DbConnection, string> {
  let url: URL
  try {
    // the way libpq writes a socket, role@/database, is no URL to Node
    url = new URL(text.replace(/^(postgres(?:ql)?:\/\/[^/@?#]*@)\//, `$1${noHost}/`))
  } catch {
    return fail('DATABASE_URL is not an address such as postgres://claviger@db.example.org/claviger. Special characters stand as %XX.')
  }
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') return fail('DATABASE_URL must begin with postgres://.')
  const unknown = [...url.searchParams.keys()].find((name) => !allowed.includes(name))
  if (unknown !== undefined) return fail(`DATABASE_URL may not set ${unknown}. It takes ${allowed.join(', ')}.`)
  let parts: { host: string; user: string; password: string; database: string }
  try {
    parts = {
      host: url.searchParams.get('host') ?? decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1'),
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      database: decodeURIComponent(url.pathname.slice(1)),
    }
  } catch {
    return fail('DATABASE_URL has a % that is not followed by two hexadecimal digits. Write a % itself as %25.')
  }
  const { host, user, database } = parts
  if (user === '' || database === '' || database.includes('/'))
    return fail('DATABASE_URL must name a role and one database: postgres://ROLE@HOST/DATABASE.')
  if (host === '' || host === noHost) return fail('DATABASE_URL names no host. A Unix socket is given as ?host=/var/run/postgresql.')
  const port = Number(url.searchParams.get('port') ?? (url.port || 5432))
  if (!Number.isInteger(port) || port < 1 || port > 65535) return fail('DATABASE_URL has a port that is none.')
  const tls = transportOf(host, url.searchParams.get('sslmode'), url.searchParams.get('sslrootcert'))
  return tls.ok ? ok({ ...parts, port, ...tls.value, options: sessionOptions(host) }) : tls
}

function transportOf(host: string, mode: string | null, caFile: string | null): Result<Pick<DbConnection, 'ssl'>, string> {
  if (mode !== null && mode !== 'disable' && mode !== 'verify-full')
    return fail(`DATABASE_URL says sslmode=${mode}, with which another server could pose as the database. Say sslmode=verify-full.`)
  if (isOnThisMachine(host) && mode !== 'verify-full') return ok({})
  if (host.startsWith('/')) return fail('DATABASE_URL names a Unix socket, which has no TLS. Leave sslmode out.')
  if (mode === 'disable')
    return fail('DATABASE_URL says sslmode=disable for a server that is not on this machine. Say sslmode=verify-full.')
  // the library does not pass an address on as the name to compare with
  const ssl = { ...(isIP(host) && { host }) }
  if (caFile === null) return ok({ ssl })
  try {
    if (statSync(caFile).size > largestCa) return fail(`${caFile} is too large to be the certificates of authorities (sslrootcert).`)
    const ca = readFileSync(caFile, 'utf8')
    return ca.includes('-----BEGIN CERTIFICATE-----')
      ? ok({ ssl: { ...ssl, ca } })
      : fail(`${caFile} (sslrootcert) holds no certificate in PEM form.`)
  } catch (error) {
    return fail(`${caFile} (sslrootcert) cannot be read: ${(error as Error).message}`)
  }
}

export const isOnThisMachine = (host: string): boolean =>
  host.startsWith('/') || host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

/**
 * What each of our connections sets for itself: our tables are found in `public` alone, and the server lets go within seconds of a
 * node that is gone without a word (a cable, a crash), so that none of its locks stay.
 */
function sessionOptions(host: string): string {
  const settings = ['search_path=public']
  if (!host.startsWith('/'))
    settings.push('tcp_keepalives_idle=5', 'tcp_keepalives_interval=2', 'tcp_keepalives_count=3', 'tcp_user_timeout=15000')
  return settings.map((s) => `-c ${s}`).join(' ')
}
