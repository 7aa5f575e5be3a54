import { ok, type Result } from '../../kernel/result.ts'
import type { TargetFailure } from '../contract.ts'
import { type MysqlClient, quoteText } from './client.ts'
import { accountGone, numberOf } from './failures.ts'

/*
 * Terminology
 *
 * - account: a user name. It is what people and Claviger say, and what a login shows
 * - entry: what the server calls an account, `'app'@'10.%'`: a user name and the hosts from which it is meant. A name may
 *   have several entries, each with a password of its own: those that are forgotten stay open, so we treat them as one
 * - method: a plugin by which an entry opens. MariaDB lets one entry have several (`… or unix_socket`)
 */
export interface Method {
  plugin: string
  /** What the plugin stores. Empty: it opens without a password, where the plugin is one of passwords. */
  stored: string
}
export interface Entry {
  user: string
  host: string
  methods: readonly Method[]
  locked: boolean
}

interface Row {
  user: string
  host: string
  plugin: string | null
  stored: string | null
  alternatives: string | null
  locked: string | number | null
}

export const isMariadb = (client: MysqlClient): boolean => /mariadb/i.test(client.version)

/** MariaDB keeps an entry as JSON, of which mysql.user is a view that shows one method only. */
const columns = (mariadb: boolean): string =>
  mariadb
    ? `select User as user, Host as host, json_value(Priv, '$.plugin') as plugin, json_value(Priv, '$.authentication_string') as stored,
         json_query(Priv, '$.auth_or') as alternatives, json_value(Priv, '$.account_locked') as locked
       from mysql.global_priv where coalesce(json_value(Priv, '$.is_role'), 'false') not in ('1', 'true')`
    : `select User as user, Host as host, plugin, authentication_string as stored, null as alternatives, account_locked = 'Y' as locked
       from mysql.user where true`

/** Every entry of the server, by name; or those of one name. Needs SELECT on the table of users. */
export async function readEntries(client: MysqlClient, user?: string): Promise<Entry[]> {
  const only = user === undefined ? '' : ` and User = ${quoteText(user)}`
  const rows = await client.query<Row>(`${columns(isMariadb(client))}${only} order by User, Host`)
  return rows.map((row) => ({
    user: row.user,
    host: row.host,
    methods: methodsOf(row),
    locked: /^(1|true)$/i.test(String(row.locked ?? '')),
  }))
}

/** `auth_or` lists all methods in their order; `{}` in it stands for the one outside. */
export function methodsOf({ plugin, stored, alternatives }: Pick<Row, 'plugin' | 'stored' | 'alternatives'>): Method[] {
  const main = { plugin: plugin || 'mysql_native_password', stored: stored ?? '' }
  if (!alternatives) return [main]
  const listed = JSON.parse(alternatives) as { plugin?: string; authentication_string?: string }[]
  return listed.map((one) => (one.plugin === undefined ? main : { plugin: one.plugin, stored: one.authentication_string ?? '' }))
}

/** The entries of one account. Who may not read the table of users still knows its own entry. */
export async function entriesOf(client: MysqlClient, account: string, me: string): Promise<Result<Entry[], TargetFailure>> {
  try {
    const entries = await readEntries(client, account)
    return entries.length > 0 ? ok(entries) : accountGone(account)
  } catch (error) {
    if (account !== me || ![1142, 1143, 1044].includes(numberOf(error) ?? 0)) throw error
    const [row] = await client.query<{ entry: string }>('select current_user() as entry')
    const at = row?.entry.lastIndexOf('@') ?? -1
    if (!row || at < 1) return accountGone(account)
    const methods = [{ plugin: isMariadb(client) ? 'mysql_native_password' : 'caching_sha2_password', stored: 'unknown' }]
    return ok([{ user: row.entry.slice(0, at), host: row.entry.slice(at + 1), methods, locked: false }])
  }
}

export const named = ({ user, host }: Pick<Entry, 'user' | 'host'>): string => `${quoteText(user)}@${quoteText(host)}`

const ofPasswords = ['mysql_native_password', 'ed25519', 'caching_sha2_password', 'sha256_password', 'mysql_old_password']
export const isOfPasswords = ({ plugin }: Method): boolean => ofPasswords.includes(plugin)
/** MariaDB's own marks for "no password opens this": `invalid`, as its installer writes, or anything that is no hash. */
export const hasPassword = (method: Method): boolean =>
  isOfPasswords(method) &&
  (method.plugin === 'mysql_native_password' ? /^(\*[0-9A-Fa-f]{40}|unknown)$/.test(method.stored) : method.stored !== '')
export const opensWithoutPassword = (method: Method): boolean => isOfPasswords(method) && method.stored === ''
